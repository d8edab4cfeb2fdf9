"""The loop is closed: Adobe rejects what it accepted, which is found, corrected and sent again."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from adobe_emulator.settings import EVENTS_DATASET_ID
from bridge.reconciliation.call_limit import CALLS_PER_RUN
from tests.support.alarm_evaluation import CHECKS, HOUR, NAMESPACE, template_alarms
from tests.support.cloudwatch_alarms import Samples, State
from tests.support.deployment import Deployment, deployed
from tests.support.faulty_batches import EXPORT, LISTING, DeployedReconciler
from tests.support.ingestion_loop import IngestionLoop
from tests.support.waiting import MAX_SECONDS, eventually

WEBHOOKS = 1_000
TEXTS = 137
"""How many webhooks have their number as a text, which the schema rejects."""
FEW_WEBHOOKS = 30
FEW_TEXTS = 12
FOREIGN_BATCHES = 101
"""More than a page."""
FOREIGN_FAILURES = 3
INVOCATIONS = 6

OF_EVENTS = f"*{EVENTS_DATASET_ID}*"
CONTENT = "path=*"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment of its own."""
    folder = tmp_path_factory.mktemp("ingestion")
    with deployed(folder) as deployment:
        yield deployment


def test_what_adobe_rejects_is_found_corrected_and_sent_again(cloud: Deployment) -> None:
    loop = IngestionLoop(cloud, "loop")
    loop.create("body.number")
    loop.send(WEBHOOKS, texts=TEXTS)
    assert eventually(lambda: loop.lake() == {"ingested": WEBHOOKS - TEXTS, "failed": TEXTS})

    assert eventually(lambda: rejected(loop) == TEXTS)
    assert rings(TEXTS)
    failed = loop.document("failed", "list", "--source", loop.name)
    assert failed["total"] == TEXTS
    assert {each["flow"] for each in failed["failed"]} == {"events"}
    assert loop.balance() == {"delivered": WEBHOOKS - TEXTS, "failed": TEXTS}

    loop.mend("number(body.number)")
    replayed = loop.inlet("failed", "replay", "--source", loop.name)
    assert replayed.exit_code == 0, replayed.output
    assert eventually(lambda: loop.lake() == {"ingested": WEBHOOKS, "failed": TEXTS})
    assert eventually(lambda: loop.balance() == {"delivered": WEBHOOKS})
    assert rejected(loop) == 0
    assert not rings(0)
    # Each message of the replay is one of those that failed, and was sent once more.
    assert Counter(loop.messages().values()) == {1: WEBHOOKS - TEXTS, 2: TEXTS}


def test_faults_of_the_batch_api_and_kills_miss_nothing_and_report_nothing_twice(
    cloud: Deployment,
) -> None:
    """Slow answers, 403, 5xx, several pages and cut files, and the function killed meanwhile."""
    loop, reconciler = IngestionLoop(cloud, "faults"), DeployedReconciler(cloud)
    loop.create("body.number")
    add_foreign_batches(cloud)
    loop.send(FEW_WEBHOOKS, texts=FEW_TEXTS)
    assert eventually(lambda: loop.lake() == expected(FEW_TEXTS))

    reconciler.next_hour()
    refused = reconciler.run({"path": f"{LISTING}*", "query": OF_EVENTS, **answer(403)})
    assert "View Datasets" in str(refused["problems"])
    reconciler.next_hour()
    reconciler.run_killed(f"{LISTING}*", OF_EVENTS)
    reconciler.next_hour()
    reconciler.run_killed(f"{LISTING}*", OF_EVENTS, nth=2)
    reconciler.next_hour()
    refused = reconciler.run(
        {"path": f"{LISTING}*", "times": 2, **answer(503)},
        {"path": f"{LISTING}*", "delay_seconds": 2},
        {"path": EXPORT, **answer(403)},
    )
    assert "View Datasets" in str(refused["problems"])
    assert loop.balance() == {"delivered": FEW_WEBHOOKS}
    reconciler.next_hour()
    reconciler.run_killed(EXPORT)
    reconciler.next_hour()
    reconciler.run_killed(EXPORT, CONTENT)
    reconciler.next_hour()
    reconciler.run(
        {"path": EXPORT, "times": 2, **answer(500)},
        {"path": EXPORT, "query": CONTENT, "effect": {"kind": "truncate", "keep": 900}},
    )

    ended = found(reconciler)
    assert (ended["rejected"], ended["problems"]) == (FEW_TEXTS, {})
    assert found(reconciler)["rejected"] == FEW_TEXTS
    assert loop.balance() == expected(FEW_TEXTS, "delivered")
    assert loop.document("failed", "list", "--source", loop.name)["total"] == FEW_TEXTS
    [dataset] = [
        each
        for each in loop.document("ingested")["datasets"]
        if each["dataset"] == EVENTS_DATASET_ID
    ]
    assert dataset["flows"]["faults/events"]["failed"] == FEW_TEXTS
    assert (dataset["foreign"], dataset["unjoined"]) == (FOREIGN_FAILURES, 0)
    # Until its records are read, a batch is reported with all that failed in it.
    assert max(reconciler.reported()) <= TEXTS + FEW_TEXTS + FOREIGN_FAILURES
    assert reconciler.reported()[-1] == FEW_TEXTS
    assert max(reconciler.calls) <= CALLS_PER_RUN


def test_number_of_invocations_does_not_raise_the_number_of_calls(cloud: Deployment) -> None:
    IngestionLoop(cloud, "calls").create("body.number")
    reconciler = DeployedReconciler(cloud)
    reconciler.next_hour()
    assert reconciler.run()["calls"] == reconciler.calls[-1] > 0
    assert reconciler.run(action="hint") == {"ok": True, "skipped": True}
    assert reconciler.calls[-1] == 0

    needed, began = reconciler.calls[-2], time.monotonic()
    reconciler.leave_calls(needed)
    for _ in range(INVOCATIONS):
        reconciler.run()

    added = CALLS_PER_RUN * (time.monotonic() - began) / 3_600
    assert needed <= sum(reconciler.calls[-INVOCATIONS:]) <= needed + added + 1
    reconciler.next_hour()
    assert reconciler.run(action="hint")["complete"]


def rejected(loop: IngestionLoop) -> int:
    """Read Adobe's batches; return how many rejected messages need attention."""
    return int(loop.document("ingested", "--now")["rejected"])


def found(reconciler: DeployedReconciler) -> dict[str, Any]:
    """The outcome of the first complete run."""
    outcomes: list[dict[str, Any]] = []

    def is_complete() -> bool:
        reconciler.next_hour()
        outcomes.append(reconciler.run())
        return bool(outcomes[-1]["complete"])

    assert eventually(is_complete)
    return outcomes[-1]


def expected(failed: int, others: str = "ingested") -> dict[str, int]:
    return {others: FEW_WEBHOOKS - failed, "failed": failed}


def answer(status: int) -> dict[str, Any]:
    """The effect of a fault."""
    return {
        "effect": {"kind": "answer", "status": status, "headers": {}, "body": '{"title": "no"}'}
    }


def add_foreign_batches(cloud: Deployment) -> None:
    """Let other producers add batches to the dataset of events, and records that fail."""
    good = {"_id": "f", "timestamp": "2026-11-24T12:00:00Z"}
    mistyped = {**good, "_emulated": {"number": "1"}}
    uploads: list[dict[str, Any]] = [{"records": [good], "upload": True}] * FOREIGN_BATCHES
    for each in (*uploads, {"records": [mistyped] * FOREIGN_FAILURES}):
        url = f"{cloud.bridge.adobe.emulator}/_emulator/lake/records"
        document = {"dataset": EVENTS_DATASET_ID, **each}
        requests.post(url, json=document, timeout=MAX_SECONDS).raise_for_status()


def rings(number: int) -> bool:
    """Whether the alarm rings if the metric has this value every hour."""
    dimensions = frozenset(CHECKS["RejectedByAdobe"][1].items())
    samples = Samples()
    for minute in range(0, 30 * HOUR, HOUR):
        samples.add((NAMESPACE, "RejectedByAdobe", dimensions), minute, number)
    states = template_alarms()["RejectedByAdobeAlarm"].states(samples, 30 * HOUR)
    return [state for _, state in states][-1] is State.ALARM
