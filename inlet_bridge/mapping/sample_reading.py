"""Read webhooks as `inlet map` and `inlet send` take samples."""

import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from bridge.strict_json import read_json, write_json
from inlet_bridge.mapping.errors import PreviewError

# API Gateway's limit of a request, in bytes.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
_MOST_BYTES: Final = 10_485_760
STANDARD_INPUT: Final = "-"
"""The name of standard input in place of a file."""


def read_sample(file: Path) -> tuple[dict[str, str], bytes, str]:
    """Read headers, body and query from an object with only these members; else it is the body.

    `query` is optional: an object of texts and lists of texts, or as in a URL.

    Args:
        file: - is standard input.

    Raises:
        PreviewError: the file cannot be read.
    """
    return sample_in(sample_content(file), sample_name(file))


def sample_content(file: Path) -> bytes:
    """The bytes of a file of a sample; - is standard input. Raises PreviewError."""
    name = sample_name(file)
    try:
        if str(file) == STANDARD_INPUT:
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with file.open("rb") as opened:
                content = opened.read(_MOST_BYTES + 1)
    except OSError as exc:
        raise PreviewError(f"{name} cannot be read: {exc.strerror}") from exc
    if len(content) > _MOST_BYTES:
        raise PreviewError(f"{name} is larger than a webhook, {_MOST_BYTES} bytes")
    return content


def sample_name(file: Path) -> str:
    """The file in a sentence."""
    return "standard input" if str(file) == STANDARD_INPUT else str(file)


def sample_in(content: bytes, name: str) -> tuple[dict[str, str], bytes, str]:
    """As `read_sample`, of the content of a file; the name is for errors. Raises PreviewError."""
    try:
        document = read_json(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}, content, ""
    match document:
        case {"headers": dict(headers), "body": body, **rest} if not rest.keys() - {"query"}:
            named = {each.lower(): str(value) for each, value in headers.items()}
            sent = _encoded(name, body) if isinstance(body, str) else write_json(body)
            return named, sent, _query(name, rest.get("query", ""))
    return {}, content, ""


def _encoded(name: str, body: str) -> bytes:
    try:
        return body.encode()
    except UnicodeEncodeError:
        raise PreviewError(f"{name}: body has half of a surrogate pair, no text of UTF-8") from None


def _query(name: str, given: Any) -> str:
    match given:
        case str():
            return given
        case dict():
            return urlencode(given, doseq=True)
    raise PreviewError(f"{name}: query must be an object, or a text as in a URL")
