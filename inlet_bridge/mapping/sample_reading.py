"""Read webhooks as `inlet map` and `inlet send` take samples."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bridge.strict_json import read_json, write_json
from inlet_bridge.mapping.errors import PreviewError


def read_sample(file: Path) -> tuple[dict[str, str], bytes, str]:
    """Read headers, body and query from an object with only these members; else it is the body.

    `query` is optional: an object of texts and lists of texts, or as in a URL.

    Raises:
        PreviewError: the file cannot be read.
    """
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise PreviewError(f"{file} cannot be read: {exc.strerror}") from exc
    return sample_in(content, str(file))


def sample_in(content: bytes, name: str) -> tuple[dict[str, str], bytes, str]:
    """As `read_sample`, of the content of a file; the name is for errors. Raises PreviewError."""
    try:
        document = read_json(content.decode())
    except (ValueError, RecursionError):
        return {}, content, ""
    match document:
        case {"headers": dict(headers), "body": body, **rest} if not rest.keys() - {"query"}:
            named = {each.lower(): str(value) for each, value in headers.items()}
            sent = body.encode() if isinstance(body, str) else write_json(body)
            return named, sent, _query(name, rest.get("query", ""))
    return {}, content, ""


def _query(name: str, given: Any) -> str:
    match given:
        case str():
            return given
        case dict():
            return urlencode(given, doseq=True)
    raise PreviewError(f"{name}: query must be an object, or a text as in a URL")
