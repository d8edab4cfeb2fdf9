"""Tests of the requests that a version of the receiver must handle correctly."""

import json
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bridge.names import PREFLIGHT_SOURCE
from bridge.preflight.probes import Probe, new_secret, probes
from tests.support.sam_template import resources

SECRET = new_secret(bytes(range(32)))
TAKEN = {"status": "filtered", "delivery_id": "one"}


def probe(what: str, now: datetime | None = None) -> Probe:
    [found] = [
        each for each in probes(SECRET, "one", now or datetime.now(UTC)) if each.what == what
    ]
    return found


def answered(status: int, content: object) -> dict[str, object]:
    return {"statusCode": status, "body": json.dumps(content)}


def test_senders_own_library_judges_the_probes_likewise() -> None:
    library = Webhook(SECRET)

    for each in probes(SECRET, "one", datetime.now(UTC)):
        body, headers = each.event["body"], each.event["headers"]
        if each.status is HTTPStatus.OK:
            assert library.verify(body, headers)
        else:
            with pytest.raises(WebhookVerificationError):
                library.verify(body, headers)


def test_they_are_for_the_source_of_the_template() -> None:
    assert resources()["PreflightSource"]["Properties"]["Name"] == PREFLIGHT_SOURCE
    assert probe("a signed webhook").event["pathParameters"] == {"source": PREFLIGHT_SOURCE}


@pytest.mark.parametrize(
    ("what", "answer", "fault"),
    [
        ("a signed webhook", answered(200, TAKEN), ""),
        ("a signed webhook", answered(503, {}), "a signed webhook was answered with 503 and not 2"),
        ("a signed webhook", answered(401, {}), "a signed webhook was answered with 401 and not 2"),
        ("a signed webhook", answered(200, TAKEN | {"status": "x"}), "with status and delivery_id"),
        ("a signed webhook", {"statusCode": 200, "body": "OK"}, "was answered with no JSON"),
        ("a signed webhook", None, "a signed webhook was not answered"),
        ("a signed webhook", {}, "a signed webhook was not answered"),
        ("a forged webhook", answered(401, {}), ""),
        ("a forged webhook", answered(200, TAKEN), "a forged webhook was answered with 200 and"),
        ("an old webhook", answered(200, TAKEN), "an old webhook was answered with 200 and"),
        ("an unsigned webhook", answered(202, TAKEN), "an unsigned webhook was answered with 202"),
    ],
)
def test_error_is_reported_in_a_few_words(what: str, answer: object, fault: str) -> None:
    output = probe(what).fault(answer)

    assert fault in output
    assert bool(fault) == bool(output)


def test_secret_of_another_kind_is_rejected() -> None:
    with pytest.raises(ValueError, match="not as new_secret makes it"):
        next(probes("whsec_$", "one", datetime.now(UTC)))
