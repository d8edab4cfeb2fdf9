"""Check the rules for fetching published keys and for JSON Web Tokens."""

from bridge.errors import InvalidPropertyError
from bridge.verification.address_rules import check_address_pattern
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import KeyAddress
from bridge.verification.published_keys import is_allowed_address
from bridge.verification.rule_checks import (
    check_extractors,
    check_seconds,
    compile_pattern,
    parse_property,
)
from bridge.verification.scheme_parameters import Signature


def check_address(address: KeyAddress, signature: Signature) -> None:
    """Check where a public key may be fetched from. Raises InvalidPropertyError."""
    check_extractors("Scheme.Address.From", address.from_)
    if len(address.from_) != len(signature.from_):
        raise InvalidPropertyError(
            "Scheme.Address.From", "must have one extractor for each of Signature.From"
        )
    # With a pattern that matches any host, anyone could supply a key.
    check_address_pattern("Scheme.Address.Allow", address.allow)
    parse_property("Scheme.Address.Subject", compile_pattern, address.subject)
    if address.issuers:
        check_address_pattern("Scheme.Address.Issuers", address.issuers, allow_http=True)
    if address.authority and not address.subject:
        raise InvalidPropertyError("Scheme.Address.Subject", "is required with an Authority")


def check_jwt(scheme: JwtScheme) -> None:
    """Check which tokens are accepted. Raises InvalidPropertyError."""
    check_extractors("Scheme.From", scheme.from_)
    _check_algorithms(scheme)
    if scheme.jwks_url and not is_allowed_address(scheme.jwks_url, r"https://[^/?#]+/\S*"):
        raise InvalidPropertyError("Scheme.JwksUrl", "must be an https URL")
    if scheme.jwks_request and not scheme.jwks_url:
        raise InvalidPropertyError("Scheme.JwksUrl", "is required with a JwksRequest")
    for name, texts in (("Claims", scheme.claims), ("JwksRequest", scheme.jwks_request)):
        for index, text in enumerate(texts):
            if not text.partition("=")[0] or "=" not in text:
                raise InvalidPropertyError(f"Scheme.{name}.{index}", "must be name=value")
    check_seconds("Scheme.LeewaySeconds", scheme.leeway_seconds)
    check_seconds("Scheme.MaxAgeSeconds", scheme.max_age_seconds)


def _check_algorithms(scheme: JwtScheme) -> None:
    if not scheme.algorithms:
        raise InvalidPropertyError("Scheme.Algorithms", "must name at least one")
    shared = [algorithm for algorithm in scheme.algorithms if algorithm.startswith("HS")]
    if shared and scheme.jwks_url:
        raise InvalidPropertyError("Scheme.Algorithms", "holds HS…, but keys at JwksUrl are public")
    if shared and len(shared) < len(scheme.algorithms):
        # Algorithm confusion: a public key used as an HMAC secret would let anyone sign.
        raise InvalidPropertyError("Scheme.Algorithms", "must not mix HS… with public keys")
