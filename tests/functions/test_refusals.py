"""Refusals have the form that the provider demands, whatever their reason."""

from dataclasses import replace

import pytest

from bridge.receiving.responses import RETRY_AFTER_SECONDS
from bridge.sources.source import AccessRules
from bridge.verification.catalogue import PRESETS
from bridge.webhook import Webhook
from tests.support.handled_source import Answer, HandledSource, handled_preset
from tests.support.receiver_fakes import SECRET
from tests.support.signing_senders import CASES, UNVERIFIED, URL

# The pages that demand another form than problem details.
DEMANDED = {
    # "There is no body in the response", "There are no cookies in the response headers":
    # https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/
    "xero": 401,
    # "Webhooks with an invalid signature must return a 498 Token Invalid error":
    # https://developer.gocardless.com/api-reference/#appendix-webhooks
    "gocardless": 498,
}

demanding = pytest.mark.parametrize("name", DEMANDED)


def refused(handled: HandledSource, webhook: Webhook) -> Answer:
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

        assert answer == Answer(DEMANDED[name], {}, "")


@demanding
def test_access_rules_refuse_in_the_same_form(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = AccessRules(allowed_methods=("PUT",), allowed_cidrs=("192.0.2.0/24",))
    handled = handled_preset(name, monkeypatch, access_rules=rules)

    assert refused(handled, CASES[name].send()) == Answer(DEMANDED[name], {}, "")


@demanding
@pytest.mark.parametrize(("status", "body"), [(413, b"1" * 1_000_001), (415, b'"a text"')])
def test_other_refusals_have_no_body(
    name: str, status: int, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled = handled_preset(name, monkeypatch)
    handled.send(Webhook("POST", URL, {}, b""))  # The source is known from now on.

    assert refused(handled, CASES[name].send(body=body)) == Answer(status, {}, "")


@demanding
def test_unavailable_source_asks_to_retry_without_a_body(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled = handled_preset(name, monkeypatch)
    del handled.parameters.values[SECRET]

    answer = refused(handled, CASES[name].send())

    assert answer == Answer(503, {"Retry-After": str(RETRY_AFTER_SECONDS)}, "")


@demanding
def test_unforeseen_error_has_no_body(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handled = handled_preset(name, monkeypatch)
    handled.send(Webhook("POST", URL, {}, b""))
    monkeypatch.setattr("bridge.receiving.gate.check_size", _fail)

    answer = refused(handled, CASES[name].send())

    assert answer == Answer(503, {"Retry-After": str(RETRY_AFTER_SECONDS)}, "")


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
