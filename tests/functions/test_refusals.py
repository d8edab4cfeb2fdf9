"""Refusals have the form that the provider demands, whatever their reason."""

from copy import replace

import pytest

from bridge.receiving.responses import RETRY_AFTER_SECONDS
from bridge.sources.source import AccessRules
from bridge.verification.catalogue import PRESETS
from bridge.verification.facts import FACTS
from bridge.webhook import Webhook
from tests.support.handled_source import HandledResponse, HandledSource, handled_preset
from tests.support.receiver_fakes import SECRET
from tests.support.signing_senders import CASES, UNVERIFIED, URL

DEMANDED = {"xero": 401, "gocardless": 498}
"""Those that demand another form than problem details, according to their facts."""

demanding = pytest.mark.parametrize("name", DEMANDED)


def refused(handled: HandledSource, webhook: Webhook) -> HandledResponse:
    answer = handled.send(webhook)
    assert answer.status >= 400
    assert not handled.inlet.requests
    return answer


def test_every_demand_is_tested() -> None:
    assert {name for name, preset in PRESETS.items() if preset.refusal} == DEMANDED.keys()


@demanding
def test_unauthenticated_webhook_gets_the_status_of_the_provider(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = CASES[name].send()
    forged = [
        replace(webhook, body=webhook.body + b" "),
        replace(webhook, headers={"content-type": "application/json"}),
        CASES[name].send(CASES[name].other_secret),
        Webhook("GET", URL, {}, b""),
    ]
    for each in forged:
        answer = refused(handled_preset(name, monkeypatch), each)

        assert answer == HandledResponse(DEMANDED[name], {}, "")


@pytest.mark.parametrize(
    "name", [name for name, facts in FACTS.items() if facts.refusal.status is not None]
)
def test_refusal_is_the_one_that_the_provider_documents(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = FACTS[name].refusal

    answer = refused(handled_preset(name, monkeypatch), CASES[name].send(CASES[name].other_secret))

    assert answer.status == fact.status
    assert "Set-Cookie" not in answer.headers
    if fact.body == "none":
        assert answer.body == ""


# Only for a source that does not exist, or to a request without its path token.
NO_SOURCE = 404


@pytest.mark.parametrize("name", [n for n, facts in FACTS.items() if facts.refusal.disables])
def test_no_refusal_ends_the_webhooks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a wrong secret, a body that is too large or unreadable, nor an outage."""
    webhook = CASES[name].send()
    rules = AccessRules(allowed_cidrs=("192.0.2.0/24",))
    kept = handled_preset(name, monkeypatch)
    statuses = {
        refused(kept, CASES[name].send(CASES[name].other_secret)).status,
        refused(kept, replace(webhook, method="PUT", body=b"")).status,
        refused(kept, CASES[name].send(body=b"1" * 1_000_001)).status,
        refused(kept, CASES[name].send(body=b'"a text"')).status,
        refused(handled_preset(name, monkeypatch, access_rules=rules), webhook).status,
    }
    without_secret = handled_preset(name, monkeypatch)
    del without_secret.parameters.values[SECRET]
    statuses.add(refused(without_secret, webhook).status)

    assert {401, 413, 503} <= statuses
    assert not statuses & set(FACTS[name].refusal.disables)
    assert NO_SOURCE not in statuses


@demanding
def test_access_rules_refuse_in_the_same_form(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = AccessRules(allowed_methods=("PUT",), allowed_cidrs=("192.0.2.0/24",))
    handled = handled_preset(name, monkeypatch, access_rules=rules)

    assert refused(handled, CASES[name].send()) == HandledResponse(DEMANDED[name], {}, "")


@demanding
@pytest.mark.parametrize(("status", "body"), [(413, b"1" * 1_000_001), (415, b'"a text"')])
def test_other_refusals_have_no_body(
    name: str, status: int, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled = handled_preset(name, monkeypatch)
    handled.send(Webhook("POST", URL, {}, b""))  # The source is known from now on.

    assert refused(handled, CASES[name].send(body=body)) == HandledResponse(status, {}, "")


@demanding
def test_unavailable_source_asks_to_retry_without_a_body(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled = handled_preset(name, monkeypatch)
    del handled.parameters.values[SECRET]

    answer = refused(handled, CASES[name].send())

    assert answer == HandledResponse(503, {"Retry-After": str(RETRY_AFTER_SECONDS)}, "")


@demanding
def test_unforeseen_error_has_no_body(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handled = handled_preset(name, monkeypatch)
    handled.send(Webhook("POST", URL, {}, b""))
    monkeypatch.setattr("bridge.receiving.gate.check_size", _fail)

    answer = refused(handled, CASES[name].send())

    assert answer == HandledResponse(503, {"Retry-After": str(RETRY_AFTER_SECONDS)}, "")


def _fail(*_: object) -> None:
    raise RuntimeError


@demanding
def test_form_does_not_reveal_a_source(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its path token, a source responds as an unknown one."""
    handled = handled_preset(name, monkeypatch, access_rules=AccessRules(path_tokens=(SECRET,)))

    known, unknown = handled.send(CASES[name].send()), handled.send(CASES[name].send(), "other")

    assert known == unknown
    assert known.status == 404
    assert known.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", [n for n in CASES if n not in {*DEMANDED, UNVERIFIED}])
def test_everyone_else_gets_problem_details(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handled = handled_preset(name, monkeypatch)

    answer = refused(handled, Webhook("POST", URL, {}, b'{"a":1}'))

    assert answer.status == 401
    assert answer.headers == {"Content-Type": "application/problem+json"}
    assert '"status": 401' in answer.body
