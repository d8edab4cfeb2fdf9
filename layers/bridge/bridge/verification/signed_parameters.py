"""The parameters of query and body, a form or a flat JSON object, as a sender signs them sorted.

https://developer.vonage.com/en/getting-started/concepts/signing-messages
"""

import json

from bridge.body_content import BodyContent
from bridge.charsets import in_utf8
from bridge.errors import UnsupportedBodyError
from bridge.form_parsing import form_fields
from bridge.webhook import Webhook

type _Pair = tuple[bytes, bytes]

_AS_SIGNED = bytes.maketrans(b"&=", b"__")


def sorted_parameters(webhook: Webhook, left_out: str) -> bytes | None:
    """Each parameter as `&NAME=VALUE`, sorted by name, with `_` for `&` and `=` in a value.

    None for a request that this does not describe without ambiguity: with a repeated name, a name
    with `&` or `=`, a JSON value other than a text, or no parameter.

    Args:
        webhook: the request.
        left_out: the name of the parameter with the signature.
    """
    query = form_fields(webhook.url.partition("?")[2].encode())
    body = _of_body(webhook.content)
    if query is None or body is None:
        return None
    found = (*query, *body)
    pairs = dict(found)
    if len(pairs) != len(found) or any(b"&" in name or b"=" in name for name in pairs):
        return None
    pairs.pop(left_out.encode(), None)
    return (
        b"".join(
            b"&%b=%b" % (name, text.translate(_AS_SIGNED)) for name, text in sorted(pairs.items())
        )
        or None
    )


def _of_body(content: BodyContent) -> tuple[_Pair, ...] | None:
    if not content.content.lstrip().startswith(b"{"):
        return form_fields(content.content)
    try:
        pairs = json.loads(in_utf8(content.content, content.codec), object_pairs_hook=tuple)
        return tuple((name.encode(), text.encode()) for name, text in pairs)
    except (UnsupportedBodyError, ValueError, TypeError, AttributeError, RecursionError):
        return None
