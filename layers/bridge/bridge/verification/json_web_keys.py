"""Find the keys of JSON Web Tokens: stored, or in a published set (RFC 7517)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm

from bridge.errors import InvalidSignatureError
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.published_keys import PublishedKeys

_MAX_KID = 200


def token_keys(
    scheme: JwtScheme,
    header: Mapping[str, Any],
    secrets: Sequence[str],
    published: PublishedKeys,
) -> Iterator[Any]:
    """The candidate keys of a token; of a published set, the key with its `kid`.

    Raises:
        InvalidSignatureError: the token has no usable `kid`.
        TooManyRequestsError, UnavailableError: the set cannot be fetched now.
    """
    if not scheme.jwks_url:
        yield from secrets
        return
    kid = header.get("kid")
    if not isinstance(kid, str) or len(kid) > _MAX_KID or not kid.isprintable():
        raise InvalidSignatureError("the token has no usable kid")
    posted = _request(scheme.jwks_request, kid, secrets)
    # An unknown key may be newer than the cached set: fetch the set once more, if allowed.
    for renew in (False, True):
        document = published.get(scheme.jwks_url, posted=posted, renew=renew)
        found = _key_from_set(document, kid, header["alg"])
        if found is not None:
            yield found
            return


def is_token_key(text: str, algorithms: Sequence[str]) -> bool:
    """Whether a stored text can verify tokens of one of the algorithms: a public key for it."""
    for name in algorithms:
        algorithm = jwt.get_algorithm_by_name(name)
        try:
            key: Any = algorithm.prepare_key(text)
        except (ValueError, TypeError, UnsupportedAlgorithm, jwt.PyJWTError):
            continue
        if isinstance(key, bytes) or hasattr(key, "verify"):  # Private keys only sign.
            return True
    return False


def _request(fields: Sequence[str], kid: str, secrets: Sequence[str]) -> bytes:
    if not fields:
        return b""
    filled = {"{kid}": kid, "{secret}": secrets[0]}
    pairs = (field.split("=", maxsplit=1) for field in fields)
    return json.dumps({name: filled.get(text, text) for name, text in pairs}).encode()


@lru_cache(maxsize=64)
def _key_from_set(document: bytes, kid: str, algorithm: str) -> Any:
    """The key in a JSON Web Key Set or Plaid's `{"key": {…}}`; None if missing or expired."""
    try:
        content = json.loads(document)
        keys = content["keys"] if "keys" in content else [content["key"]]
        [key] = [key for key in keys if key.get("kid") == kid]
        if key.get("expired_at") or key.get("alg", algorithm) != algorithm:
            return None
        return jwt.PyJWK(key, algorithm=algorithm).key
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, jwt.PyJWTError):
        return None
