"""Schemes that would reject every request or accept any are invalid."""

from copy import replace

import pytest

from bridge.errors import InvalidPropertyError
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import KeyAddress, PublicKeyScheme
from bridge.verification.scheme_parameters import Signature, Timestamp
from bridge.verification.scheme_rules import check_scheme
from bridge.verification.schemes import MacScheme, NoScheme, Scheme, TokenScheme

PLAIN = MacScheme(content="{body}", signature=Signature(from_=("header:x-sig",)))
STRIPE = MacScheme(
    content="{timestamp}.{body}",
    signature=Signature(("header:s",), "hex", ",", "=", "v1", "t"),
    timestamp=Timestamp("signature"),
)

PUBLIC_KEY = PublicKeyScheme(content="{body}", signature=Signature(("header:x-sig",)))
ADDRESS = KeyAddress(("header:x-url",), r"https://keys\.example\.com/.*")
FETCHED = replace(PUBLIC_KEY, key="spki-pem", algorithm="rsa-sha256", address=ADDRESS)
JWT = JwtScheme(from_=("header:x-token",), algorithms=("RS256",), jwks_url="https://a.example/k")


@pytest.mark.parametrize(
    "scheme",
    [
        NoScheme(),
        PUBLIC_KEY,
        FETCHED,
        replace(FETCHED, address=replace(ADDRESS, subject=r".*\.example", authority="PEM")),
        replace(FETCHED, algorithm_from="header:x-a", algorithms=("1=rsa-sha1", "a=b=rsa-sha256")),
        JWT,
        replace(JWT, jwks_url="", algorithms=("HS256", "HS512")),
        replace(JWT, jwks_request=("kid={kid}",), claims=("email=a@b",), leeway_seconds=5),
        replace(PLAIN, or_content=("{body}\n",)),
        replace(PLAIN, content="{url}", body_sha256="query:hash"),
        PLAIN,
        STRIPE,
        replace(PLAIN, algorithm="sha256", content="{secret}{body}"),
        replace(PLAIN, timestamp=Timestamp("json:at", "ms")),
        replace(PLAIN, require=("header:x-kind", "json:version=1")),
        TokenScheme(("header:x-token", "query:token")),
    ],
)
def test_valid_scheme_is_accepted(scheme: Scheme) -> None:
    check_scheme(scheme)


@pytest.mark.parametrize(
    ("scheme", "path"),
    [
        (TokenScheme(()), "Scheme.From"),
        (replace(PUBLIC_KEY, content="{secret}{body}"), "Scheme.Content"),
        (replace(PUBLIC_KEY, content="{timestamp}{body}"), "Scheme.Timestamp"),
        (replace(PUBLIC_KEY, algorithms=("1=rsa-sha1",)), "Scheme.Algorithms"),
        (replace(PUBLIC_KEY, algorithm_from="header:x-a"), "Scheme.Algorithms"),
        (
            replace(PUBLIC_KEY, algorithm_from="header:x-a", algorithms=("1=md5",)),
            "Scheme.Algorithms.0",
        ),
        (
            replace(PUBLIC_KEY, algorithm_from="header:x-a", algorithms=("rsa-sha1",)),
            "Scheme.Algorithms.0",
        ),
        (replace(FETCHED, address=replace(ADDRESS, from_=())), "Scheme.Address.From"),
        (
            replace(FETCHED, address=replace(ADDRESS, from_=("json:a", "json:b"))),
            "Scheme.Address.From",
        ),
        (replace(FETCHED, address=replace(ADDRESS, allow="https://.*")), "Scheme.Address.Allow"),
        (replace(FETCHED, address=replace(ADDRESS, allow="(")), "Scheme.Address.Allow"),
        (
            replace(FETCHED, address=replace(ADDRESS, allow=r"https://.*example\.com/.*")),
            "Scheme.Address.Allow",
        ),
        (replace(FETCHED, address=replace(ADDRESS, subject="(")), "Scheme.Address.Subject"),
        (
            replace(FETCHED, address=replace(ADDRESS, subject="a", issuers="http://.*")),
            "Scheme.Address.Issuers",
        ),
        (replace(FETCHED, address=replace(ADDRESS, authority="PEM")), "Scheme.Address.Subject"),
        (replace(JWT, from_=()), "Scheme.From"),
        (replace(JWT, algorithms=()), "Scheme.Algorithms"),
        (replace(JWT, algorithms=("RS256", "HS256")), "Scheme.Algorithms"),
        (replace(JWT, jwks_url="", algorithms=("RS256", "HS256")), "Scheme.Algorithms"),
        (replace(JWT, jwks_url="http://a.example/k"), "Scheme.JwksUrl"),
        (replace(JWT, jwks_url="", jwks_request=("kid={kid}",)), "Scheme.JwksUrl"),
        (replace(JWT, jwks_request=("kid",)), "Scheme.JwksRequest.0"),
        (replace(JWT, claims=("=a",)), "Scheme.Claims.0"),
        (replace(JWT, leeway_seconds=-1), "Scheme.LeewaySeconds"),
        (replace(JWT, max_age_seconds=-1), "Scheme.MaxAgeSeconds"),
        (replace(PLAIN, or_content=("{url}",)), "Scheme.OrContent"),
        (replace(PLAIN, body_sha256="hash"), "Scheme.BodySha256"),
        (replace(PLAIN, body_sha256="query:hash"), "Scheme.BodySha256"),
        (
            replace(STRIPE, timestamp=Timestamp("signature", "text")),
            "Scheme.Timestamp.Unit",
        ),
        (TokenScheme(("x-token",)), "Scheme.From"),
        (replace(PLAIN, signature=Signature(())), "Scheme.Signature.From"),
        (replace(PLAIN, signature=Signature(("cookie:a",))), "Scheme.Signature.From"),
        (
            replace(PLAIN, signature=replace(PLAIN.signature, assignment="=")),
            "Scheme.Signature.Key",
        ),
        (
            replace(PLAIN, signature=replace(PLAIN.signature, key="v1")),
            "Scheme.Signature.Assignment",
        ),
        (replace(PLAIN, content="{boddy}"), "Scheme.Content"),
        (replace(PLAIN, content="{secret}"), "Scheme.Content"),
        (replace(PLAIN, algorithm="sha1"), "Scheme.Content"),
        (replace(PLAIN, require=("x-kind=1",)), "Scheme.Require"),
        (replace(STRIPE, timestamp=None), "Scheme.Timestamp"),
        (replace(STRIPE, timestamp=Timestamp("x-time")), "Scheme.Timestamp.From"),
        (
            replace(STRIPE, signature=replace(STRIPE.signature, timestamp_key="")),
            "Scheme.Signature.TimestampKey",
        ),
        (replace(STRIPE, content="{body}"), "Scheme.Content"),
        (replace(PLAIN, timestamp=Timestamp("header:x-time")), "Scheme.Content"),
        (
            replace(STRIPE, timestamp=Timestamp("signature", past_seconds=-1)),
            "Scheme.Timestamp.PastSeconds",
        ),
        (
            replace(STRIPE, timestamp=Timestamp("signature", future_seconds=-1)),
            "Scheme.Timestamp.FutureSeconds",
        ),
    ],
)
def test_invalid_scheme_is_rejected_with_the_property(scheme: Scheme, path: str) -> None:
    with pytest.raises(InvalidPropertyError) as caught:
        check_scheme(scheme)

    assert caught.value.path == path
    assert caught.value.reason
