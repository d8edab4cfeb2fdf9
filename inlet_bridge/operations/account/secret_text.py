"""Recognize files that hold more than a secret: a line of an environment file, quotation marks.

Nothing here quotes what was given.
"""

import re
from pathlib import Path
from typing import Final

from bridge.verification.schemes import Scheme
from bridge.verification.stored_secrets import expected_form, stored_secret

# A name of an environment variable with a `_`; base64 has `=` only at its end.
_VARIABLE: Final = re.compile(
    r"(?:export\s+)?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s?=\s?(?P<value>.*[^=\s].*)"
)
# The name may be one word: such a text is still a possible secret.
_ANY_VARIABLE: Final = re.compile(r"(?:export\s+)?[A-Z]{3}[A-Z0-9_]*\s?=\s?(?P<value>.*[^=\s].*)")
_QUOTED: Final = re.compile(r"([\"']).+\1", re.DOTALL)
# Providers create these, so nothing is before them.
_PREFIXES: Final = ("whsec_", "lin_wh_", "pdl_ntfset_")
# Of Stripe and Linear, whose signing secrets begin otherwise.
_API_KEY: Final = re.compile(r"(?:[prs]k_(?:test|live)|lin_api)_\S+")
_OF_THE_API: Final = "it is a key of the sender's API, not the secret that signs webhooks"
_SECRET_LENGTH: Final = 16
_ARMOR: Final = "-----BEGIN "
_NAMED: Final = "it has the form NAME=VALUE, and only VALUE is the secret"
_IN_QUOTES: Final = "it has quotation marks around it, and they are no part of the secret"
_SPACE: Final = "it has a space before or after the secret"
_LINES: Final = "it has several lines; the secret is one line"


def secret_fault(scheme: Scheme, text: str) -> str:
    """Why a text cannot be the secret, for the operator; empty if it may be.

    Args:
        scheme: that verifies with the secret.
        text: without line breaks at its end.
    """
    usable = stored_secret(scheme, text)
    if not usable:
        inner = _value(text)
        named = f"{_NAMED}; " if inner and stored_secret(scheme, inner) else ""
        return f"{named}it must be {expected_form(scheme)}"
    if not _counts_each_character(scheme):
        return ""
    if _API_KEY.fullmatch(_value(usable) or _unquoted(usable) or usable.strip()):
        return _OF_THE_API
    if "\n" in usable and _ARMOR not in usable:
        return _LINES
    around = {
        _NAMED: _value(usable),
        _IN_QUOTES: _unquoted(usable),
        _SPACE: usable.strip() if usable != usable.strip() else "",
    }
    return next((fault for fault, inner in around.items() if inner.startswith(_PREFIXES)), "")


def secret_doubt(scheme: Scheme, text: str) -> str:
    """What is unusual about a text that may be the secret, as a sentence; empty if nothing is."""
    usable = stored_secret(scheme, text)
    if not _counts_each_character(scheme):
        return ""
    if _ANY_VARIABLE.fullmatch(usable.strip()):
        return (
            "The secret looks like NAME=VALUE, as in a file of environment variables. If it is one,"
            " only VALUE is the secret: store that."
        )
    if _unquoted(usable):
        return (
            "The secret has quotation marks around it, which are stored as a part of it. If the"
            " sender's secret has none, store it without them."
        )
    if usable != usable.strip():
        return (
            "The secret begins or ends with a space, which is stored as a part of it. If the"
            " sender's secret has none, store it without the space."
        )
    return ""


def credential_fault(text: str) -> str:
    """Why a text cannot be a vendor's key or token, which is the value of a header."""
    if not (text.isascii() and text.isprintable() and " " not in text):
        return "it must be one line without spaces"
    if _value(text):
        return "it has the form NAME=VALUE, and only VALUE is the key or token"
    if _unquoted(text):
        return "it has quotation marks around it, and they are no part of the key or token"
    return ""


def unreadable_file(file: Path, error: OSError) -> str:
    """Why a file cannot be read, without its name if that may be the secret itself."""
    name = str(file)
    if name.startswith(_PREFIXES) or (len(name) >= _SECRET_LENGTH and not set(name) & set("./")):
        return f"{error.strerror}; it takes the name of a file, not the secret"
    return f"{name}: {error.strerror}"


def _counts_each_character(scheme: Scheme) -> bool:
    """Whether the text itself is the secret, as opposed to what it encodes."""
    match scheme.family:
        case "mac":
            return scheme.key in {"utf8", "sha1"}
        case "token" | "jwt":
            return True
        case _:
            return False


def _value(text: str) -> str:
    """The value of a line of an environment file; empty if the text is none."""
    found = _VARIABLE.fullmatch(text.strip())
    return (_unquoted(found["value"]) or found["value"]).strip() if found else ""


def _unquoted(text: str) -> str:
    """The text without the quotation marks around it; empty if there are none."""
    return text.strip()[1:-1] if _QUOTED.fullmatch(text.strip()) else ""
