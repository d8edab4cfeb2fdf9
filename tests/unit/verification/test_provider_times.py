"""The time that a webhook was signed at, for every provider that signs it."""

from copy import replace
from datetime import timedelta

import pytest

from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.schemes import MacScheme
from tests.support.provider_groups import SIGNED
from tests.support.signing_senders import (
    CASES,
    NOW,
    rfc3339,
    seconds,
)

TIMED = {
    name: scheme.timestamp
    for name in SIGNED
    if isinstance(scheme := CASES[name].declared.scheme, MacScheme | PublicKeyScheme)
    and scheme.timestamp
}
PAST = {name: t.past_seconds for name, t in TIMED.items() if t.past_seconds is not None}
FUTURE = {name: t.future_seconds for name, t in TIMED.items() if t.future_seconds is not None}
UNTIMED = sorted(set(TIMED) - set(PAST))


@pytest.mark.parametrize("name", PAST)
def test_stale_webhook_is_rejected(name: str) -> None:
    case, tolerance = CASES[name], timedelta(seconds=PAST[name])

    assert case.accepts(case.send(at=NOW - tolerance)) is TIMED[name].inclusive
    assert case.accepts(case.send(at=NOW - tolerance + timedelta(seconds=1)))
    assert not case.accepts(case.send(at=NOW - tolerance - timedelta(seconds=1)))


@pytest.mark.parametrize("name", FUTURE)
def test_timestamp_in_the_future_is_rejected(name: str) -> None:
    case, tolerance = CASES[name], timedelta(seconds=FUTURE[name])

    assert case.accepts(case.send(at=NOW + tolerance))
    assert not case.accepts(case.send(at=NOW + tolerance + timedelta(seconds=1)))


@pytest.mark.parametrize("name", ["google_pubsub", "jwt", "plaid"])
@pytest.mark.parametrize("seconds_off", [-301, 1])
def test_expired_or_future_token_is_rejected(name: str, seconds_off: int) -> None:
    assert not CASES[name].accepts(CASES[name].send(at=NOW + timedelta(seconds=seconds_off)))


@pytest.mark.parametrize("name", ["stripe", "hubspot_v3", "cloudinary", "customerio"])
def test_timestamp_in_the_future_is_accepted_where_the_vendor_does(name: str) -> None:
    assert CASES[name].accepts(CASES[name].send(at=NOW + timedelta(days=1)))


@pytest.mark.parametrize("name", UNTIMED)
def test_age_is_not_checked_where_the_vendor_sets_no_tolerance(name: str) -> None:
    assert CASES[name].accepts(CASES[name].send(at=NOW - timedelta(days=400)))


@pytest.mark.parametrize("name", sorted(TIMED))
def test_replaced_timestamp_is_rejected(name: str) -> None:
    case, then = CASES[name], NOW - timedelta(days=1)
    webhook = case.send(at=then)

    def fresh(text: str) -> str:
        return text.replace(seconds(then), seconds(NOW)).replace(rfc3339(then), rfc3339(NOW))

    headers = {header: fresh(value) for header, value in webhook.headers.items()}
    body = fresh(webhook.body.decode()).encode()
    assert (headers, body) != (webhook.headers, webhook.body)

    assert not case.accepts(replace(webhook, headers=headers, body=body))
