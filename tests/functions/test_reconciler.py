"""Tests of the reconciler with the emulated data lake: from the webhook to the recorded failure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
import requests

from adobe_emulator.faults import AnswerWith, Fault
from adobe_emulator.lake import PlannedFailure
from adobe_emulator.settings import DATASET_ID
from bridge.adapters.clock import utc_now
from bridge.reconciliation.call_limit import MOST_CALLS_PER_HOUR
from bridge.reconciliation.reconciler import HINT_INTERVAL
from functions.reconciler import handler, wiring
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.provisioner_cloud import Context
from tests.support.sam_template import resources
from tests.support.virtual_time import stop_clock
from tests.support.webhook_events import signed

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

EXPORT = "/data/foundation/export/*"
CATALOG = "/data/foundation/catalog/batches*"
REASON = "[CANARY] is not a valid date-time. Expected [yyyy-MM-dd'T'HH:mm:ssZ]"


@dataclass
class Reconciled:
    """A cloud with a reconciler.

    Attributes:
        number: of the webhooks that were sent.
        later: how far the clock of the function is ahead.
    """

    cloud: DeliveryCloud
    number: int = 0
    later: timedelta = timedelta(0)

    def send(self, *, fails: bool) -> str:
        """Send a webhook that the inlet accepts; return its delivery id."""
        self.number += 1
        name = f"d-{self.number}"
        body = json.dumps({"title": "mistyped" if fails else "fine", "by": "canary@example.com"})
        headers = {"x-github-delivery": name}
        response = self.cloud.receive(signed("github-signed", headers=headers, body=body.encode()))
        assert response.status == 200, response
        return name

    def ingest(self) -> None:
        """Let Adobe complete its batches."""
        self.cloud.adobe.clock.advance(timedelta(minutes=30))

    def run(self, *, after: timedelta = timedelta(hours=1), **event: Any) -> dict[str, Any]:
        """Invoke the function, by default an hour after the last time."""
        self.later += after
        context = cast("LambdaContext", Context(300, function_name="reconciler"))
        return handler.lambda_handler(event or {"action": "reconcile"}, context)

    def record(self, name: str) -> dict[str, str]:
        [record] = [each for each in self.cloud.records() if each.get("id") == name]
        return record

    def lines(self, message: str) -> list[dict[str, Any]]:
        return [line for line in self.cloud.lines() if line["message"] == message]


@pytest.fixture
def reconciled(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reconciled]:
    with delivery_cloud(monkeypatch) as cloud:
        stop_clock(wiring.deadline, monkeypatch)
        monkeypatch.setattr("functions.reconciler.wiring.sleep", lambda _: None)
        cloud.adobe.lake.plan(PlannedFailure("mistyped", REASON))
        cloud.configure("github", KeepBodies="7")
        cloud.restart()
        reconciled = Reconciled(cloud)
        monkeypatch.setattr(wiring, "utc_now", lambda: utc_now() + reconciled.later)
        _forget()
        yield reconciled
        _forget()


def _forget() -> None:
    for built in (wiring.batches, wiring.copies, wiring.reconciler):
        built.cache_clear()


def test_rejected_webhook_is_recorded_with_adobes_reason(reconciled: Reconciled) -> None:
    fine, *rejected = (reconciled.send(fails=fails) for fails in (False, True, True))
    assert reconciled.run()["rejected"] == 0
    reconciled.ingest()

    answer = reconciled.run()

    assert (answer["ok"], answer["rejected"], answer["problems"]) == (True, 2, {})
    for name in rejected:
        record = reconciled.record(name)
        assert record["state"] == "failed"
        assert "is not a valid date-time" in record["failure"]
        assert "CANARY" not in record["failure"]
        assert record["batch"]
    assert reconciled.record(fine)["state"] == "delivered"
    metrics = [
        line["RejectedByAdobe"]
        for line in reconciled.cloud.lines()
        if "_aws" in line and "RejectedByAdobe" in line
    ]
    assert metrics[-1] == [2]
    [line] = reconciled.lines("rejected by Adobe")
    assert (line["joined"], line["unjoined"], line["foreign"]) == (2, 0, 0)
    assert "CANARY" not in reconciled.cloud.log.getvalue()


def test_webhook_whose_body_is_not_kept_is_counted_with_its_batch(reconciled: Reconciled) -> None:
    reconciled.cloud.configure("github")
    reconciled.cloud.restart()
    name = reconciled.send(fails=True)
    reconciled.ingest()

    assert reconciled.run()["rejected"] == 1
    assert reconciled.record(name)["state"] == "delivered"
    [line] = reconciled.lines("rejected by Adobe")
    assert (line["joined"], line["unjoined"]) == (0, 1)

    files = reconciled.run(action="copy", batch=line["batch"])["files"]
    copy = reconciled.run(action="copy", batch=line["batch"], file=files[0])
    assert copy["next"] is None
    assert json.loads(copy["lines"][0])["body"]["xdmEntity"]["title"] == "mistyped"


def test_records_of_other_producers_raise_nothing(reconciled: Reconciled) -> None:
    reconciled.send(fails=False)
    control(
        reconciled,
        "lake/records",
        {"dataset": DATASET_ID, "records": [{"title": "mistyped", "n": 1}]},
    )
    reconciled.ingest()

    assert reconciled.run()["rejected"] == 0
    [line] = reconciled.lines("reconciled")
    assert line["batches"] == 1


def control(reconciled: Reconciled, what: str, document: dict[str, Any]) -> None:
    """Ask the emulator's control endpoint."""
    response = requests.post(
        f"{reconciled.cloud.adobe.url}/_emulator/{what}", json=document, timeout=9
    )
    assert response.ok, response.text


@pytest.mark.parametrize("path", [EXPORT, CATALOG])
def test_missing_permission_is_logged_and_does_not_crash(reconciled: Reconciled, path: str) -> None:
    reconciled.send(fails=True)
    reconciled.ingest()
    reconciled.cloud.adobe.faults.add(
        Fault(path=path, times=None, effect=AnswerWith(403, {}, '{"title": "Forbidden"}'))
    )

    answer = reconciled.run()

    assert not answer["ok"]
    [line] = reconciled.lines("not reconciled")
    assert "View Datasets" in line["reason"]
    reconciled.cloud.adobe.faults.clear()
    assert reconciled.run()["rejected"] == 1
    assert reconciled.record("d-1")["state"] == "failed"


def test_throttled_and_failing_api_is_asked_again(reconciled: Reconciled) -> None:
    reconciled.send(fails=True)
    reconciled.ingest()
    for path, status in ((CATALOG, 429), (EXPORT, 503), (EXPORT, 500)):
        reconciled.cloud.adobe.faults.add(
            Fault(path=path, effect=AnswerWith(status, {"Retry-After": "1"}))
        )

    assert reconciled.run()["rejected"] == 1
    assert reconciled.record("d-1")["state"] == "failed"


def test_event_of_adobe_makes_it_look_earlier(reconciled: Reconciled) -> None:
    """With the input of the template's rule."""
    [target] = resources()["IngestionHints"]["Properties"]["Targets"]
    hint = json.loads(target["Input"])
    reconciled.run()
    reconciled.send(fails=True)
    reconciled.ingest()

    assert reconciled.run(after=HINT_INTERVAL, **hint)["rejected"] == 1
    assert reconciled.record("d-1")["state"] == "failed"


def test_bursts_of_events_cause_few_runs_and_stop_no_scheduled_one(reconciled: Reconciled) -> None:
    requests_left = 10**6
    reconciled.cloud.adobe.faults.add(Fault(path="/data/foundation/[ce]*", times=requests_left))
    answers = [reconciled.run(after=timedelta(seconds=20), action="hint") for _ in range(90)]
    runs = [answer for answer in answers if "skipped" not in answer]

    assert len(runs) == 3
    assert all(answer["ok"] for answer in answers)
    assert len(reconciled.lines("reconciled")) == 3
    [counter] = reconciled.cloud.adobe.faults.pending
    made = requests_left - (counter.times or 0)
    assert 0 < made == sum(answer["calls"] for answer in runs) <= MOST_CALLS_PER_HOUR
    reconciled.send(fails=True)
    reconciled.ingest()
    assert reconciled.run(after=timedelta(seconds=20))["rejected"] == 1


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {},
        {"action": []},
        {"action": "else"},
        {"action": "copy"},
        {"action": "copy", "batch": "b", "line": -1},
        {"action": "copy", "batch": "b", "file": 7},
        {"action": "copy", "batch": "b" * 101},
    ],
)
def test_malformed_event_is_refused(reconciled: Reconciled, event: Any) -> None:
    context = cast("LambdaContext", Context(300, function_name="reconciler"))

    assert not handler.lambda_handler(event, context)["ok"]
    assert reconciled.lines("refused")


@pytest.mark.parametrize("operation", ["dynamodb.Query", "ssm.GetParametersByPath"])
def test_unavailable_service_is_logged_and_reports_nothing(
    reconciled: Reconciled, operation: str
) -> None:
    reconciled.cloud.fail(operation)
    _forget()

    assert not reconciled.run()["ok"]
    assert reconciled.lines("unavailable")
    assert not [line for line in reconciled.cloud.lines() if "RejectedByAdobe" in line]
