"""Parameters of JSON Web Tokens (RFC 7519)."""

from typing import Literal, NamedTuple

type JwtAlgorithm = Literal[
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"
]


class JwtScheme(NamedTuple):
    """A JSON Web Token that identifies the sender.

    Attributes:
        from_: extractors of the token; the first non-empty value is used.
        algorithms: allowed algorithms; tokens with any other are rejected.
        authorization: as in `TokenScheme`.
        jwks_url: https URL of the keys; empty when the stored secrets are the keys, as text
            (HS…) or PEM.
        jwks_request: `name=value` members of a JSON object to POST for the key `{kid}`, with the
            newest secret as `{secret}`; empty to GET the keys.
        issuer, audience: the token must name one of them; empty disables the check.
        require: required claims.
        claims: `name=value` of further claims.
        leeway_seconds: tolerated clock skew.
        max_age_seconds: since `iat`; None disables the check.
        body_sha256: claim with the SHA-256 of the body; empty when the body is not signed. With
            `?` at its end, as in `payload_hash?`, a token without it is valid for an empty body.
    """

    from_: tuple[str, ...]
    algorithms: tuple[JwtAlgorithm, ...]
    authorization: str = ""
    jwks_url: str = ""
    jwks_request: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    require: tuple[str, ...] = ("exp",)
    claims: tuple[str, ...] = ()
    leeway_seconds: int = 0
    max_age_seconds: int | None = None
    body_sha256: str = ""
    body_sha256_encoding: Literal["hex", "base64"] = "hex"
    family: Literal["jwt"] = "jwt"
