"""The body of a delivery, readable."""

from contextlib import suppress

from rich.padding import Padding

from bridge.bodies.body_content import body_content
from bridge.bodies.charsets import in_utf8
from bridge.delivery.delivery import Delivery
from bridge.errors import UnsupportedBodyError
from bridge.strict_json import read_json
from inlet_bridge.cli.styled_text import text_of_json, text_of_lines


def payload(delivery: Delivery) -> Padding:
    """The body, uncompressed and indented, so that none of its lines can pass for the command's."""
    content = body_content(delivery.body, delivery.content_type, delivery.content_encoding)
    body = content.content or delivery.body
    with suppress(UnsupportedBodyError):
        body = in_utf8(body, content.codec)
    try:
        text = text_of_json(read_json(body.decode()))
    except (ValueError, RecursionError):
        text = text_of_lines(body.decode(errors="replace"))
    return Padding(text, (0, 2))
