"""The overview shows the chain, counts, what waits and why, and alarms; it pauses and resumes."""

import json
import re
from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from bridge.adapters.aws.ingestion_records import DynamoDbIngestion
from bridge.delivery.ingestion import DatasetProgress
from bridge.delivery.outcomes import DeadClass
from bridge.provisioning.chain.record import JournalEntry
from bridge.sources.directory import PAUSE_DELAY, SOURCE_LIFETIME
from inlet_bridge.operations.configuration.drift import Difference
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.monitoring import open_summary
from inlet_bridge.operations.provisioner import Provisioner
from tests.support.configured_chain import BASE, DATASET, FLOW, INLET, put, put_chain
from tests.support.counted_calls import counted_calls, denied
from tests.support.hostile_text import HOSTILE, unsafe
from tests.support.inspecting import opened
from tests.support.moto_deployment import NOW, STACK, Bridge, deployed_bridge, received
from tests.support.sample_webhooks import routed

PAGE = f"/stacks/{STACK}/overview"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        put_chain()
        yield bridge


def shown(folder: Path, query: str = "") -> str:
    response = opened(folder).get(f"{PAGE}{query}")
    assert response.status_code == 200
    return response.text


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


@pytest.mark.usefixtures("bridge")
def test_counts_of_a_source_are_drawn_and_listed(tmp_path: Path) -> None:
    client: Any = boto3.client("cloudwatch")
    values = (("Accepted", 1_234), ("Delivered", 1_200), ("DeadLettered", 7))
    client.put_metric_data(
        Namespace="InletBridge/dev",
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [{"Name": "source", "Value": "github"}],
                "Timestamp": datetime.now(UTC) - timedelta(minutes=20),
                "Value": value,
            }
            for name, value in values
        ],
    )

    for span in ("1h", "24h", "7d"):
        page = shown(tmp_path, f"?range={span}")
        assert "github: 1,234 accepted, 1,200 delivered, 7 dead, 0 waiting, 0 failed." in page
        assert "Table of github" in page
        assert '<polyline class="line line-accepted"' in page


def test_waiting_and_ingested_of_a_source_are_drawn_over_time(
    bridge: Bridge, tmp_path: Path
) -> None:
    kept = replace(routed("github", "webhooks", "events"), keep_bodies=3)
    put("sources/github", kept.to_document())
    earlier = datetime.now(UTC) - timedelta(minutes=20)
    waiting = replace(received("w-1"), received_at=earlier)
    bridge.deliveries.postponed(waiting, "503", NOW + timedelta(hours=1))
    records = DynamoDbIngestion(boto3.client("dynamodb"), bridge.table, lambda: NOW)
    records.save_dataset(DatasetProgress(DATASET, listed_at=datetime.now(UTC)))
    counted = {"_aws": {"CloudWatchMetrics": []}, "source": "github"}
    bridge.log("Forwarder", {"message": "metrics", **counted, "Delivered": [3.0]})

    page = opened(tmp_path, is_local=True).get(f"{PAGE}?range=1h").text
    assert "0 dead, 1 waiting, 0 failed, " in page
    assert " ingested." in page


@pytest.mark.usefixtures("bridge")
def test_an_unknown_range_is_rejected(tmp_path: Path) -> None:
    response = opened(tmp_path).get(f"{PAGE}?range=9y")

    assert response.status_code == 400
    assert "range must be one of 1h, 24h, 7d." in response.text


def test_the_local_cloud_counts_what_is_logged(bridge: Bridge, tmp_path: Path) -> None:
    counted = {"_aws": {"CloudWatchMetrics": []}, "source": "github"}
    bridge.log("Receiver", {"message": "buffered", **counted, "Accepted": [1.0]})
    bridge.log("Forwarder", {"message": "metrics", **counted, "Delivered": [3.0]}, {"_aws": "odd"})

    response = opened(tmp_path, is_local=True).get(PAGE)
    assert "github: 1 accepted, 3 delivered, 0 dead, 0 waiting, 0 failed." in response.text
    assert "The local cloud has no metrics" in response.text


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
    monkeypatch.setattr(open_summary, "_ENTRIES_PER_SHARD", 3)
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


@pytest.mark.parametrize("named", [{"source": "github"}, {"connection": "webhooks"}])
@pytest.mark.usefixtures("bridge")
def test_pausing_and_resuming_is_recorded_and_done(named: dict[str, str], tmp_path: Path) -> None:
    client = opened(tmp_path, actions_allowed=True)
    [(kind, name)] = named.items()
    parameter = f"/inlet-bridge/dev/{kind}s/{name}/paused"

    response = client.post(f"{PAGE}/pause", data=named)
    assert response.status_code == 303
    assert re.fullmatch(rf"{PAGE}\?notice=[\w-]+#waiting", response.headers["location"])
    page = client.get(response.headers["location"]).text
    assert f"The {kind} {name} is paused: sending stops within" in page
    ssm = boto3.client("ssm")
    assert ssm.get_parameter(Name=parameter)["Parameter"]["Value"].startswith("20")
    assert f'aria-label="Resume {kind} {name}"' in client.get(PAGE).text

    before = datetime.now(UTC)
    response = client.post(f"{PAGE}/resume", data=named)
    page = client.get(response.headers["location"]).text
    found = re.search(rf"The {kind} {name} is resumed\..* by (\d\d:\d\d) UTC", page)
    assert found
    longest = PAUSE_DELAY + SOURCE_LIFETIME
    minutes = range((datetime.now(UTC) - before) // timedelta(minutes=1) + 2)
    assert found[1] in {f"{before + longest + timedelta(minutes=n):%H:%M}" for n in minutes}
    again = client.post(f"{PAGE}/resume", data=named)
    assert "was not paused" in client.get(again.headers["location"]).text
    assert ssm.get_parameter(Name=parameter)["Parameter"]["Value"] == "resumed"
    lines = (tmp_path / "actions.jsonl").read_text().splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["pause", "resume", "resume"]
    assert all(json.loads(line)[kind] == name for line in lines)


@pytest.mark.usefixtures("bridge")
def test_a_connection_is_paused_after_a_question_that_names_its_sources(tmp_path: Path) -> None:
    client = opened(tmp_path, actions_allowed=True)

    assert f'<form method="get" action="{PAGE}/pause">' in client.get(PAGE).text
    page = client.get(f"{PAGE}/pause?connection=webhooks").text
    assert "Pause the connection webhooks?" in page
    assert "It has 1 source: github." in page
    assert '<input type="hidden" name="connection" value="webhooks">' in page
    assert client.get(f"{PAGE}/pause?connection=%3Cb%3E").status_code == 400
    assert not (tmp_path / "actions.jsonl").exists()


@pytest.mark.usefixtures("bridge")
def test_without_actions_nothing_is_paused(tmp_path: Path) -> None:
    client = opened(tmp_path)

    response = client.post(f"{PAGE}/pause", data={"source": "github"})
    assert response.status_code == 403
    assert "--allow-actions" in response.text
    assert not Deployed(STACK).ssm.get_parameters(
        Names=["/inlet-bridge/dev/sources/github/paused"]
    )["Parameters"]
    assert "disabled title=" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        ("source=github&connection=webhooks", None, 400),
        ("", None, 400),
        ("source=../x", None, 400),
        ("source=%ff", None, 400),
        ("source=github", "text/plain", 415),
        (f"source={'a' * 20_000}", None, 413),
    ],
)
@pytest.mark.usefixtures("bridge")
def test_an_invalid_form_changes_nothing(
    content: str, kind: str | None, status: int, tmp_path: Path
) -> None:
    headers = {"content-type": kind or "application/x-www-form-urlencoded"}
    client = opened(tmp_path, actions_allowed=True)

    response = client.post(f"{PAGE}/pause", content=content, headers=headers)
    assert response.status_code == status
    assert not (tmp_path / "actions.jsonl").exists()


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
