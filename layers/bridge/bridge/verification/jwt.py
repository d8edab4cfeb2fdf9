"""Verify JSON Web Tokens."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import jwt
from jwt.types import Options

from bridge.errors import InvalidSignatureError
from bridge.verification.encodings import decode_signature, encode_digest, utf8
from bridge.verification.extractors import value
from bridge.verification.json_web_keys import token_keys
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.published_keys import PublishedKeys
from bridge.verification.token import bare_token
from bridge.webhook import Webhook

# The functions below check the claims, with the clock of the caller.
_OPTIONS: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
_MAX_EPOCH_SECONDS = 1e12  # The year 33,658.


def verify_jwt(
    scheme: JwtScheme,
    webhook: Webhook,
    secrets: Sequence[str],
    now: datetime,
    published: PublishedKeys,
) -> bytes:
    """Accept the webhook if it has a valid token of the issuer for this audience.

    Returns:
        The signed part of the token.

    Raises:
        InvalidSignatureError: it has none.
        TooManyRequestsError, UnavailableError: the key cannot be fetched now.
    """
    found = ((extractor, value(webhook, extractor)) for extractor in scheme.from_)
    extractor, text = next(((extractor, text) for extractor, text in found if text), ("", ""))
    token = bare_token(text, scheme.authorization if extractor.startswith("header:") else "")
    header = _header(token, scheme)
    for key in token_keys(scheme, header, secrets, published):
        claims = _claims(token, key, scheme)
        if claims is not None:
            _check_parties(scheme, claims)
            _check_times(scheme, claims, now.timestamp())
            _check_body(scheme, claims, webhook.body)
            return utf8(token.rpartition(".")[0])
    raise InvalidSignatureError("no key verifies the token")


def _header(token: str, scheme: JwtScheme) -> Mapping[str, Any]:
    try:
        header = jwt.get_unverified_header(utf8(token))
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise InvalidSignatureError("the request has no token") from None
    if header.get("alg") not in scheme.algorithms:
        raise InvalidSignatureError("the algorithm is not allowed")
    if not all(decode_signature(part, "base64url") for part in token.split(".")):
        # PyJWT also accepts other encodings of the same bytes.
        raise InvalidSignatureError("the token is not canonical base64url")
    return header


def _claims(token: str, key: Any, scheme: JwtScheme) -> dict[str, Any] | None:
    """The claims of the token, or None if this key does not verify it."""
    try:
        claims: dict[str, Any] = jwt.decode(
            utf8(token),
            key,
            algorithms=list(scheme.algorithms),
            options={**_OPTIONS, "require": list(scheme.require)},
        )
    except (jwt.MissingRequiredClaimError, RecursionError):
        raise InvalidSignatureError("the token lacks a claim") from None
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return None  # PyJWT loads a private key, too, and fails only when it verifies.
    return claims


def _check_parties(scheme: JwtScheme, claims: Mapping[str, Any]) -> None:
    if scheme.issuer and claims.get("iss") not in scheme.issuer:
        raise InvalidSignatureError("the token has another issuer")
    audience_claim = claims.get("aud")
    audiences = audience_claim if isinstance(audience_claim, list) else [audience_claim]
    if scheme.audience and not any(audience in scheme.audience for audience in audiences):
        raise InvalidSignatureError("the token is for another audience")
    for claim in scheme.claims:
        name, _, wanted = claim.partition("=")
        found = claims.get(name)
        if (str(found).lower() if isinstance(found, bool) else found) != wanted:
            raise InvalidSignatureError(f"the claim {name} is not what the scheme requires")


def _check_times(scheme: JwtScheme, claims: Mapping[str, Any], now: float) -> None:
    leeway = scheme.leeway_seconds
    expires = _seconds(claims, "exp")
    if expires is not None and expires <= now - leeway:
        raise InvalidSignatureError("the token has expired")
    for name in ("nbf", "iat"):
        begins = _seconds(claims, name)
        if begins is not None and begins > now + leeway:
            raise InvalidSignatureError(f"the token's {name} is in the future")
    if scheme.max_age_seconds is not None:
        issued = _seconds(claims, "iat")
        if issued is None or now - issued > scheme.max_age_seconds + leeway:
            raise InvalidSignatureError(f"issued more than {scheme.max_age_seconds} s ago")


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    if name not in claims:
        return None
    found: Any = claims[name]
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if not (is_number and 0 <= found < _MAX_EPOCH_SECONDS):
        raise InvalidSignatureError(f"the token's {name} is not a time")
    return float(found)


def _check_body(scheme: JwtScheme, claims: Mapping[str, Any], body: bytes) -> None:
    if not scheme.body_sha256:
        return
    name = scheme.body_sha256.removesuffix("?")
    if name not in claims and name != scheme.body_sha256 and not body:
        return
    wanted = encode_digest(sha256(body).digest(), scheme.body_sha256_encoding)
    # The sender knows both, so the comparison need not take constant time.
    if utf8(str(claims.get(name))) != wanted:
        raise InvalidSignatureError("the signed hash is not the body's")
