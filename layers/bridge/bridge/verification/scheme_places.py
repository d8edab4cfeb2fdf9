"""Say where a parameter of a scheme belongs, and what one is like; only for invalid schemes."""

import re
from collections.abc import Mapping
from typing import Any, Final, get_args

_EXAMPLES: Final = {
    "Scheme.Content": '"{body}"',
    "Scheme.From": "header:authorization",
    "Scheme.Signature": "{From: header:x-signature}",
    "Scheme.Signature.From": "header:x-signature",
    "Scheme.Timestamp": "{From: header:x-timestamp}",
    "Scheme.Timestamp.From": "header:x-timestamp",
}
_HEADERS: Final = frozenset({"Header", "HeaderName", "SignatureHeader"})
_SECRETS: Final = frozenset({"Secret", "Secrets", "SigningSecret"})
_PREFIX: Final = re.compile(r"([A-Za-z]\w{0,20})([=:,])", re.ASCII)
_HEADER: Final = re.compile(r"[A-Za-z][\w-]*", re.ASCII)


def example(path: str) -> str:
    """What the property at a path is like, after a comma; empty if no example is known."""
    return f", such as {_EXAMPLES[path]}" if path in _EXAMPLES else ""


def other_place(name: str, value: Any, hints: Mapping[str, Any]) -> str:
    """What to write for a name that its mapping does not have; empty if that is not known.

    Args:
        name: as written.
        value: of it, which is shown only if it may be the name of a header.
        hints: the types of the mapping's fields, by their names.
    """
    if name in _SECRETS and "family" in hints:
        return "the name of the parameter with the secret is in Secrets, beside Scheme"
    if name in _HEADERS:
        header = value.lower() if isinstance(value, str) and _HEADER.fullmatch(value) else "NAME"
        if "from_" in hints:
            return f"write From: header:{header}"
        return f"write Signature: {{From: header:{header}}}" if "signature" in hints else ""
    if name == "Prefix" and "assignment" in hints:
        return _of_a_prefix(value)
    for field, hint in hints.items():
        for nested in (hint, *get_args(hint)):
            if name.lower() in map(_plain, getattr(nested, "_fields", ())):
                return f"it belongs in {field.capitalize()}"
    return ""


def _of_a_prefix(value: Any) -> str:
    """How a signature with a prefix such as `sha256=` is read."""
    found = _PREFIX.fullmatch(value) if isinstance(value, str) else None
    key, assignment = found.groups() if found else ("sha256", "=")
    return f'a prefix is written as Assignment: "{assignment}" and Key: {key}, within Signature'


def _plain(field: str) -> str:
    return field.replace("_", "")
