"""Read the secrets that operators store, in each of the spellings that providers show.

A secret is a text without the line breaks at its end and the byte order mark at its beginning,
which files often have; all other characters count, spaces too. Secrets Manager stores JSON objects
by default: the value of an object's only member is the secret. In encoded keys, white space does
not count; see `encodings` and `key_formats`.
"""

import json
from typing import TYPE_CHECKING, Final

from bridge.verification.encodings import key_from_secret, utf8
from bridge.verification.token import bare_token

if TYPE_CHECKING:
    from bridge.verification.scheme_parameters import KeyEncoding
    from bridge.verification.schemes import Scheme

_MAC_FORMS: Final[dict["KeyEncoding", str]] = {
    "utf8": "the secret as a text",
    "sha1": "the secret as a text",
    "hex": "hexadecimal digits, two for each byte",
    "base64": "base64 or base64url, with or without padding",
    "whsec": "base64, with or without the prefix whsec_ or v1,whsec_",
}
_BASIC: Final = ("basic",)
_BYTE_ORDER_MARK: Final = "\ufeff"  # Editors on Windows begin files with it.


def stored_secret(scheme: "Scheme", stored: str) -> str:
    """The secret in the text of a parameter; empty if the scheme cannot use it."""
    text = _unwrapped(stored.removeprefix(_BYTE_ORDER_MARK).rstrip("\r\n"))
    if scheme.family == "token" and scheme.authorization:
        # The credential may have been copied with its authorization scheme.
        text = bare_token(text, f"{scheme.authorization.removesuffix('?')}?")
    if scheme.family == "jwt" and "-----BEGIN" in text:
        from bridge.verification.key_formats import armored  # noqa: PLC0415 (few sources have public keys)

        text = armored(utf8(text)).decode()
    return text if text.strip() and _is_usable(scheme, text) else ""


def expected_form(scheme: "Scheme") -> str:
    """What a stored secret must be, for the operator: continues a sentence after "must be"."""
    match scheme.family:
        case "mac":
            form = _MAC_FORMS[scheme.key]
        case "token":
            form = "user:password" if scheme.from_ == _BASIC else "the token as a text"
        case "pk":
            from bridge.verification.key_formats import FORM_NAMES  # noqa: PLC0415 (few sources have public keys)

            form = f"a public key for {scheme.algorithm}, {FORM_NAMES[scheme.key]}"
        case "jwt" if not scheme.jwks_url and not scheme.algorithms[0].startswith("HS"):
            form = f"a public key for {' or '.join(scheme.algorithms)} as PEM"
        case _:
            form = "the secret as a text"
    return f"{form}; a JSON object may have it as its only member"


def _unwrapped(text: str) -> str:
    """The only member of a JSON object; empty for an object with several."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    members = list(document.values())
    return members[0] if len(members) == 1 and isinstance(members[0], str) else ""


def _is_usable(scheme: "Scheme", text: str) -> bool:
    match scheme.family:
        case "mac":
            return bool(key_from_secret(text, scheme.key))
        case "token":
            return scheme.from_ != _BASIC or ":" in text
        case "pk" if scheme.address is None:
            from bridge.verification.key_formats import is_key_for, public_key  # noqa: PLC0415 (few sources have public keys)

            return is_key_for(scheme.algorithm, public_key(utf8(text), scheme.key))
        case "jwt" if not scheme.jwks_url:
            from bridge.verification.json_web_keys import is_token_key  # noqa: PLC0415 (few sources have tokens)

            return is_token_key(text, scheme.algorithms)
        case _:
            return True
