"""What makes it sound to fetch a provider's keys, and to believe a token."""

from bridge.errors import InvalidPropertyError
from bridge.verification.address_rules import check_address_pattern
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import KeyAddress
from bridge.verification.published_keys import is_allowed_address
from bridge.verification.rule_checks import check_extractors, check_seconds, parsed, pattern
from bridge.verification.schemes import Signature


def check_address(address: KeyAddress, signature: Signature) -> None:
    """Where a public key may come from. Raises InvalidPropertyError."""
    check_extractors("Scheme.Address.From", address.from_)
    if len(address.from_) != len(signature.from_):
        raise InvalidPropertyError(
            "Scheme.Address.From", "must name one place for each of Signature.From"
        )
    # A pattern that matches any host lets everybody bring a key of their own.
    check_address_pattern("Scheme.Address.Allow", address.allow)
    parsed("Scheme.Address.Subject", pattern, address.subject)
    if address.issuers:
        check_address_pattern("Scheme.Address.Issuers", address.issuers, plain=True)
    if address.authority and not address.subject:
        raise InvalidPropertyError("Scheme.Address.Subject", "is required with an Authority")


def check_jwt(scheme: JwtScheme) -> None:
    """Which tokens are believed. Raises InvalidPropertyError."""
    check_extractors("Scheme.From", scheme.from_)
    _check_algorithms(scheme)
    if scheme.jwks_url and not is_allowed_address(scheme.jwks_url, r"https://[^/?#]+/\S*"):
        raise InvalidPropertyError("Scheme.JwksUrl", "must be an https address")
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
        # A public key that is taken for a shared text signs for whoever knows it: everyone.
        raise InvalidPropertyError("Scheme.Algorithms", "must not mix HS… with public keys")
