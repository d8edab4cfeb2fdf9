"""The overview shows the chain, counts, what waits and why, and alarms; it pauses and resumes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from bridge.delivery.outcomes import DeadClass
from bridge.provisioning.chain.journal_entry import JournalEntry
from inlet_bridge.operations.configuration.drift import Difference
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.provisioner import Provisioner
from inlet_bridge.operations.records import open_counts
from tests.support.configured_chain import BASE, DATASET, FLOW, INLET, put, put_chain
from tests.support.counted_calls import counted_calls, denied
from tests.support.hostile_text import HOSTILE, unsafe
from tests.support.inspecting import opened
from tests.support.moto_deployment import NOW, STACK, Bridge, deployed_bridge, received
from tests.support.overview_page import PAGE, shown

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        put_chain()
        yield bridge


def answering(monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]) -> list[Any]:
    """Let the provisioner answer; returns what it was asked."""
    asked: list[Any] = []

    def ask(_: Provisioner, request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return answer

    monkeypatch.setattr(Provisioner, "ask", ask)
    return asked


@pytest.mark.usefixtures("bridge")
def test_the_chain_is_a_picture_with_its_ids(tmp_path: Path) -> None:
    page = shown(tmp_path)

    assert "Base connection" in page
    for each in (BASE, INLET, FLOW, DATASET):
        assert f"<code>{each}</code>" in page
    assert "Connection webhooks: the base connection has the inlet" in page
    assert "not usable" not in page


@pytest.mark.usefixtures("bridge")
def test_a_connection_that_a_run_changes_is_not_usable(tmp_path: Path) -> None:
    entry = JournalEntry("run-1", NOW, "create flow")
    put("connections/webhooks/journal", entry.to_text())

    assert "not usable" in shown(tmp_path)


@pytest.mark.usefixtures("bridge")
def test_adobe_is_asked_for_drift_only_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Difference("webhooks", "adobe", f"flows/{FLOW} of flow events", f"{SCRIPT} is gone")
    connection = {
        "name": found.connection,
        "drift": [{"place": found.place, "name": found.name, "reason": found.reason}],
    }
    asked = answering(monkeypatch, {"connections": [connection], "sources": []})

    assert "drifted" not in shown(tmp_path)
    assert asked == []

    page = shown(tmp_path, "?drift=1")
    assert asked == [{"action": "status"}]
    assert page.count('class="drifted"') == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt; is gone" in page
    assert SCRIPT not in page


@pytest.mark.usefixtures("bridge")
def test_a_provisioner_that_fails_is_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(_: Provisioner, __: dict[str, Any]) -> dict[str, Any]:
        raise OperationError("the provisioner says: Adobe does not respond")

    monkeypatch.setattr(Provisioner, "ask", ask)

    page = shown(tmp_path, "?drift=1")
    assert "This cannot be shown: the provisioner says: Adobe does not respond" in page
    assert "agree" not in page


def test_what_waits_is_shown_with_its_reason(bridge: Bridge, tmp_path: Path) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    bridge.deliveries.postponed(received("w-1"), f"503 {SCRIPT}", until)
    bridge.deliveries.postponed(received("w-2"), f"503 {SCRIPT}", until + timedelta(hours=1))
    bridge.buried("d-1", source="stripe", kind=DeadClass.TOO_LARGE)
    put("connections/webhooks/paused", "2026-11-29T08:00:00+00:00")

    page = shown(tmp_path)
    assert "503 &lt;script&gt;alert(1)&lt;/script&gt;</td>" in page
    assert until.strftime("%Y-%m-%d %H:%M:%S") not in page
    assert "within minutes after <code>inlet resume --connection webhooks</code>" in page
    assert "its connection is paused" in page
    assert "The buffer has about 0 messages, the dead-letter queue about 1." in page
    put("connections/webhooks/paused", "resumed")
    page = shown(tmp_path)
    assert until.strftime("%Y-%m-%d %H:%M:%S") in page
    assert "its connection is paused" not in page
    put("connections/webhooks/paused", "2026-11-29T08:00:00+00:00")
    page = shown(tmp_path)
    assert "too large: the inlet returned 400" in page
    listed = f"/stacks/{STACK}/webhooks?source=stripe&amp;state=dead&amp;since=30d"
    assert page.count(f'<a href="{listed}">') == 2
    assert "connection webhooks is paused since 2026-11-29T08:00:00+00:00" in page
    assert SCRIPT not in page


@pytest.mark.usefixtures("bridge")
def test_a_new_flow_settles(tmp_path: Path) -> None:
    until = datetime.now(UTC) + timedelta(minutes=4)
    put_chain(ready_at=until)

    page = shown(tmp_path)
    assert "webhooks/events settles until" in page
    assert f"{until:%Y-%m-%d %H:%M:%S}" in page


def test_what_is_read_does_not_depend_on_the_number_of_records(
    bridge: Bridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_counts, "_ENTRIES_PER_SHARD", 3)
    bridge.deliveries.postponed(received("first"), "503", NOW)
    with counted_calls(monkeypatch) as few:
        assert "+</a></td>" not in shown(tmp_path)
    for number in range(60):
        bridge.deliveries.postponed(received(f"w-{number}", minutes=number), "503", NOW)
    with counted_calls(monkeypatch) as many:
        page = shown(tmp_path)

    assert many == few
    assert few["GetMetricData"] == 1
    assert ">12+</a></td>" in page
    assert "there are more" in page


@pytest.mark.usefixtures("bridge")
def test_alarms_that_ring_have_their_runbook(tmp_path: Path) -> None:
    client: Any = boto3.client("cloudwatch")
    for name, state in (
        (f"{STACK}-sources-EventsAgeAlarm-1A2B", "ALARM"),
        (f"{STACK}-sources-QuietAlarm-1A2B", "OK"),
        (f"{STACK}-2-DeadLettersAlarm-1A2B", "ALARM"),
    ):
        client.put_metric_alarm(
            AlarmName=name,
            AlarmDescription=f"{SCRIPT} See docs/operations.md#queued-events-are-old.",
            Namespace="AWS/SQS",
            MetricName="ApproximateAgeOfOldestMessage",
            Statistic="Maximum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
        client.set_alarm_state(AlarmName=name, StateValue=state, StateReason="it is 7200 s")

    page = shown(tmp_path)
    assert f"{STACK}-sources-EventsAgeAlarm-1A2B" in page
    assert "it is 7200 s" in page
    assert f"{STACK}-2-" not in page
    assert "1 of 2 are OK" in page
    assert SCRIPT not in page
    link = f"/stacks/{STACK}/runbooks/queued-events-are-old"
    assert f'<a href="{link}">What to do: Queued events are old</a>' in page
    runbook = opened(tmp_path).get(link)
    assert "the forwarder fails or is throttled" in runbook.text


@pytest.mark.usefixtures("bridge")
def test_there_is_no_page_of_an_unknown_runbook(tmp_path: Path) -> None:
    assert opened(tmp_path).get(f"/stacks/{STACK}/runbooks/none").status_code == 404


@pytest.mark.parametrize(
    ("operation", "rest"),
    [
        ("GetMetricData", "No alarm rings."),
        ("DescribeAlarms", "Nothing waits"),
        ("Query", BASE),
        ("GetParametersByPath", "Nothing waits"),
    ],
)
@pytest.mark.usefixtures("bridge")
def test_a_read_that_is_not_permitted_is_a_note(
    operation: str, rest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("cloudwatch").put_metric_alarm(
        AlarmName=f"{STACK}-sources-A",
        MetricName="A",
        Namespace="A",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    denied(monkeypatch, operation)

    page = shown(tmp_path)
    assert f"AWS answered {operation} with AccessDenied" in page
    assert rest in page


def test_hostile_text_is_visible_and_harmless(bridge: Bridge, tmp_path: Path) -> None:
    hostile = f"{SCRIPT}\"'>{HOSTILE}"
    put("connections/webhooks/sandbox", SCRIPT)
    put("connections/webhooks/paused", SCRIPT)
    bridge.deliveries.postponed(received("w-1"), hostile, NOW)
    counted = {"_aws": {}, "CloudWatchMetrics": 1, "source": hostile, "Accepted": [1.0]}
    bridge.log("Receiver", counted)

    page = opened(tmp_path, is_local=True).get(PAGE).text
    assert SCRIPT not in page
    assert not unsafe(page)
