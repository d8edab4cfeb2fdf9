"""Schemes that would refuse or accept everyone."""

from dataclasses import replace

import pytest

from bridge.errors import InvalidPropertyError
from bridge.sources.scheme_rules import check_scheme
from bridge.sources.schemes import MacScheme, Scheme, Signature, Timestamp, TokenScheme

PLAIN = MacScheme(content="{body}", signature=Signature(from_=("header:x-sig",)))
STRIPE = MacScheme(
    content="{timestamp}.{body}",
    signature=Signature(("header:s",), "hex", ",", "=", "v1", "t"),
    timestamp=Timestamp("signature"),
)


@pytest.mark.parametrize(
    "scheme",
    [
        PLAIN,
        STRIPE,
        replace(PLAIN, algorithm="sha256", content="{secret}{body}"),
        replace(PLAIN, timestamp=Timestamp("json:at", "ms")),
        replace(PLAIN, require=("header:x-kind", "json:version=1")),
        TokenScheme(("header:x-token", "query:token")),
    ],
)
def test_a_sound_scheme_passes(scheme: Scheme) -> None:
    check_scheme(scheme)


@pytest.mark.parametrize(
    ("scheme", "path"),
    [
        (TokenScheme(()), "Scheme.From"),
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
def test_an_unsound_scheme_is_refused_by_the_name_of_the_property(
    scheme: Scheme, path: str
) -> None:
    with pytest.raises(InvalidPropertyError) as caught:
        check_scheme(scheme)

    assert caught.value.path == path
    assert caught.value.reason
