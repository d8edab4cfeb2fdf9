"""Tests for `bridge.receiving.gate`."""

import random
from copy import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bridge.receiving.gate import public_request_url
from bridge.sources.source import Source
from bridge.verification.declaration import declare_scheme
from bridge.webhook import Webhook
from tests.support.fuzz_requests import RequestFuzzer
from tests.support.gates import SUBSCRIPTION, gate, signed
from tests.support.receiver_fakes import SECRET, GateHarness, at, source_of
from tests.support.signing_senders import CASES, NOW, UNVERIFIED, URL

GITHUB = CASES["github"]


@pytest.mark.parametrize("name", ["github", "discord", "okta", "google_pubsub", "aws_sns_v1"])
def test_genuine_webhook_of_every_family_is_accepted(name: str) -> None:
    here = gate(name, pages=True)

    result = here.verify(CASES[name].send())

    assert isinstance(result, Source)


@pytest.mark.parametrize("name", ["github", "okta", "stripe"])
def test_shared_secret_scheme_does_not_create_the_provider_sites(name: str) -> None:
    here = gate(name)

    assert here.status(CASES[name].send()) == 0
    assert here.sites_made == 0


@pytest.mark.parametrize("name", ["aws_sns_v2", "paypal", "google_pubsub", "plaid"])
def test_unavailable_keys_are_not_a_server_error(name: str) -> None:
    """Any client can name a URL or a key for which the site does not respond."""
    here = gate(name, pages=True)
    here.sites.down = True

    assert here.status(CASES[name].send()) == 429


def test_keys_are_fetched_with_the_limits_of_the_request() -> None:
    here = gate("aws_sns_v2", pages=True)

    here.verify(replace(signed("aws_sns_v2", SUBSCRIPTION), source_ip="198.51.100.7"))

    assert set(here.sites.askers) == {("it", "198.51.100.7")}


def test_rotated_secret_is_found_immediately() -> None:
    here = GateHarness(source_of(GITHUB.declared), ["the former"], clock=at(NOW))
    assert here.status(GITHUB.send("the former")) == 0
    here.parameters.put(SECRET, "the newer")

    assert here.status(GITHUB.send("the newer")) == 0


def test_forged_requests_do_not_each_cause_a_read() -> None:
    here = gate("github")
    here.verify(GITHUB.send())
    reads = here.parameters.reads
    for _ in range(100):
        assert here.status(GITHUB.send("another secret")) == 401

    assert here.parameters.reads - reads == 1

    here.clock.advance(11)
    here.status(GITHUB.send("another secret"))
    assert here.parameters.reads - reads == 2


def test_forged_request_is_rejected_while_ssm_is_unavailable() -> None:
    """An unauthenticated client cannot cause a 503, which would raise an alarm."""
    here = gate("github")
    here.verify(GITHUB.send())
    here.parameters.down = True

    assert here.status(GITHUB.send("forged")) == 401
    assert here.status(GITHUB.send()) == 0


@pytest.mark.parametrize(
    ("public", "token", "called", "output"),
    [
        ("https://h.acme.com/in/it", "", "https://abc.aws/prod/webhooks/it?a=%C3%AB", "?a=%C3%AB"),
        ("https://h.acme.com/in/it", "", "https://abc.aws/prod/webhooks/it", ""),
        ("https://h.acme.com/in/it?a=1", "", "https://abc.aws/prod/webhooks/it?a=2", "?a=2"),
        ("https://h.acme.com/in/it", "tok", "https://abc.aws/webhooks/it/tok?a=1", "/tok?a=1"),
        ("https://h.acme.com/in/it/tok", "tok", "https://abc.aws/webhooks/it/tok", "/tok"),
    ],
)
def test_public_request_url_has_the_query_and_the_path_token(
    public: str, token: str, called: str, output: str
) -> None:
    webhook = Webhook("POST", called, {}, b"", path_token=token)

    assert public_request_url(public, webhook) == f"https://h.acme.com/in/it{output}"


@pytest.mark.parametrize("name", ["twilio_form", "square", "trello", "hubspot_v3"])
def test_signed_url_is_the_public_request_url(name: str) -> None:
    request = CASES[name].send(url="https://hooks.acme.com/in/it?a=1")
    arrived = replace(
        request, url="https://abc.execute-api.eu-west-1.amazonaws.com/webhooks/it?a=1"
    )

    assert gate(name, public_url="https://hooks.acme.com/in/it").status(arrived) == 0
    assert gate(name).status(arrived) == 401


def test_unverified_request_is_accepted_only_if_configured() -> None:
    unverified = declare_scheme("github", None, unverified=True)
    here = GateHarness(source_of(unverified, 0), clock=at(NOW))

    assert here.status(Webhook("POST", URL, {}, b"{}")) == 0
    assert here.status(Webhook("POST", URL, {"x-github-event": "ping"}, b"{}")) == 200


FUZZED = {
    name: GateHarness(
        source_of(case.declared, 1 if case.sender.stored(case.secret) else 0),
        [case.sender.stored(case.other_secret)],
        clock=at(NOW),
    )
    for name, case in CASES.items()
    if name != UNVERIFIED
}
GENUINE = {name: CASES[name].send() for name in FUZZED}


@settings(deadline=None, max_examples=2_000, database=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**63))
def test_unauthenticated_request_is_rejected_or_answered_and_never_accepted(seed: int) -> None:
    fuzzer = RequestFuzzer(random.Random(seed))  # noqa: S311 (no secret is made of it)
    name = fuzzer.any_of(sorted(FUZZED))
    webhook = fuzzer.webhook(GENUINE[name], CASES[name].sender.always)
    if fuzzer.maybe():
        asking = "challenge=a&hub.mode=subscribe&hub.challenge=b&validationToken=c&bt_challenge="
        webhook = replace(webhook, url=f"https://x/y?{asking}{'0a' * 12}")

    assert FUZZED[name].status(webhook) in {200, 401, 403}
