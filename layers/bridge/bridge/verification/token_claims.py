"""Read claims of JSON Web Tokens without verifying them; `jwt` does that first."""

import base64
import binascii
from typing import Any

from bridge.strict_json import read_json


def claim(text: str, name: str) -> Any:
    """A claim of a token; None if it has none.

    Args:
        text: the token, also after an authorization scheme such as `Bearer`.
        name: of the claim.

    Never raises, whatever the text: anything that is not a token has no claims.
    """
    parts = text.rpartition(" ")[2].split(".")
    if len(parts) != 3:  # noqa: PLR2004 (header, payload and signature, RFC 7519)
        return None
    payload = parts[1]
    try:
        decoded = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
        claims = read_json(decoded)
    except (ValueError, binascii.Error, RecursionError):
        return None
    return claims.get(name) if isinstance(claims, dict) else None
