"""The parameters of a signed token (RFC 7519)."""

from dataclasses import dataclass
from typing import Literal

type JwtAlgorithm = Literal[
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"
]


@dataclass(frozen=True, slots=True)
class JwtScheme:
    """A JSON Web Token that names the sender.

    Attributes:
        from_: places of the token; the first that holds anything counts.
        algorithms: others are refused, whatever the token says.
        authorization: as in `TokenScheme`.
        jwks_url: where the keys are, an https address; empty when the stored secrets are the
            keys, as texts (HS…) or PEM.
        jwks_request: `name=value` of a JSON object that is posted to ask for the key `{kid}`, with
            the newest secret as `{secret}`; empty where the keys are simply there.
        issuer, audience: the token has to name one of them; empty is not checked.
        require: claims that have to be there.
        claims: `name=value` of further claims.
        leeway_seconds: between two clocks.
        max_age_seconds: since `iat`; None is not checked.
        body_sha256: claim with the SHA-256 of the body; empty when the body is not protected.
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
