"""Tests for `bridge.receiving.gate`: secrets that a provider sends once."""

import json
from copy import replace
from datetime import timedelta

import pytest

from bridge.errors import UnavailableError
from bridge.webhook import Webhook
from tests.support.gates import gate
from tests.support.receiver_fakes import SECRET, GateHarness, at, source_of
from tests.support.signing_senders import CASES, NOW, URL

HOOK_SECRET = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81"


def pending(name: str) -> GateHarness:
    until = NOW + timedelta(hours=1)
    declared = CASES[name].declared
    return GateHarness(source_of(declared, registration_until=until), clock=at(NOW))


def bringing(secret: str) -> Webhook:
    return Webhook("POST", URL, {"x-hook-secret": secret}, b"")


def test_secret_is_captured_while_the_registration_is_pending() -> None:
    here = pending("asana")

    reply = here.reply(bringing(HOOK_SECRET))

    assert (reply.status, reply.headers) == (200, {"X-Hook-Secret": HOOK_SECRET})
    assert here.parameters.values[SECRET] == HOOK_SECRET
    assert here.status(CASES["asana"].send(HOOK_SECRET)) == 0


def test_notion_token_is_captured_from_the_body() -> None:
    here = pending("notion")
    body = json.dumps({"verification_token": HOOK_SECRET}).encode()

    assert here.reply(Webhook("POST", URL, {}, body)).status == 200
    assert here.parameters.values[SECRET] == HOOK_SECRET


def test_captured_secret_is_never_replaced() -> None:
    here = pending("asana")
    here.reply(bringing(HOOK_SECRET))

    assert here.status(bringing("f" * 64)) == 401
    assert here.parameters.values[SECRET] == HOOK_SECRET


def test_many_other_secrets_cause_few_aws_calls() -> None:
    here = pending("asana")
    here.reply(bringing(HOOK_SECRET))
    before = here.parameters.reads

    for number in range(1_000):
        assert here.status(bringing(f"{number:064}")) == 401
    assert here.parameters.reads - before <= 2 * 5
    here.clock.advance(60)
    for number in range(1_000):
        assert here.status(bringing(f"{number:064}")) == 401
    assert (
        here.parameters.reads - before <= 4 * 5 + 4
    )  # The lifetime of the cache, one minute, has passed as well.


def test_of_two_concurrent_secrets_the_first_is_stored() -> None:
    here = pending("asana")
    with pytest.raises(UnavailableError):
        here.verify(CASES["asana"].send())  # Caches the source, still without a secret.
    here.parameters.values[SECRET] = (
        "0" * 64
    )  # Another execution environment stores a secret first.

    assert here.status(bringing(HOOK_SECRET)) == 401
    assert here.parameters.values[SECRET] == "0" * 64


def test_registration_must_present_the_token_of_its_handshake() -> None:
    [capture, *others] = CASES["asana"].declared.handshakes
    declared = replace(
        CASES["asana"].declared,
        handshakes=(replace(capture, token="query:token", refusal=403), *others),
    )
    name = "/inlet-bridge/test/secrets/handshake"
    until = NOW + timedelta(hours=1)
    source = source_of(declared, registration_until=until, handshake_secrets=(name,))
    here = GateHarness(source, values={name: "meatyhamhock"}, clock=at(NOW))

    assert here.status(bringing(HOOK_SECRET)) == 403
    assert SECRET not in here.parameters.values
    shown = replace(bringing(HOOK_SECRET), url=f"{URL}&token=meatyhamhock")
    assert here.status(shown) == 200
    assert here.parameters.values[SECRET] == HOOK_SECRET


def test_no_secret_is_captured_after_an_hour() -> None:
    here = pending("asana")
    here.clock.advance(3_601)

    assert here.status(bringing(HOOK_SECRET)) == 401
    assert SECRET not in here.parameters.values


def test_source_without_a_pending_registration_captures_no_secret() -> None:
    here = gate("asana")

    assert here.status(bringing(HOOK_SECRET)) == 401


@pytest.mark.parametrize("secret", ["short", "x" * 300, "with spaces " * 4, "ë" * 40])
def test_value_that_is_not_a_secret_is_not_captured(secret: str) -> None:
    here = pending("asana")

    with pytest.raises(UnavailableError):
        here.verify(bringing(secret))
    assert SECRET not in here.parameters.values


def test_webhooks_before_the_registration_are_retryable() -> None:
    with pytest.raises(UnavailableError, match="has no secret yet"):
        pending("asana").verify(CASES["asana"].send())
