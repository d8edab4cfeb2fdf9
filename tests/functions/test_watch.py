"""The watch's entry point: two looks, each told by itself."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bridge.watching import Watch
from functions.watch import handler
from tests.functions.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.functions.provisioner_cloud import Context


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "watch")
    with delivery_cloud(monkeypatch) as cloud:
        handler.watch.cache_clear()
        yield cloud
        handler.watch.cache_clear()


def look() -> dict[str, bool]:
    context: Any = Context(300, function_name="watch")
    return handler.lambda_handler({}, context)


def told(out: str) -> dict[str, Any]:
    """The metrics that were printed."""
    lines = [json.loads(line) for line in out.splitlines() if '"_aws"' in line]
    names = ("QuietSources", "Unaccounted")
    return {name: line[name] for line in lines for name in names if name in line}


def test_nothing_is_told_as_nothing(
    cloud: DeliveryCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert look() == {"QuietSources": True, "Unaccounted": True}
    assert told(capsys.readouterr().out) == {"QuietSources": [0], "Unaccounted": [0]}
    assert cloud.lines() == []


def test_how_many_there_are_is_told_and_the_quiet_are_named(
    cloud: DeliveryCloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watch, "quiet", lambda _: ["github", "stripe"])
    monkeypatch.setattr(Watch, "unaccounted", lambda _: 7)

    look()

    assert told(capsys.readouterr().out) == {"QuietSources": [2], "Unaccounted": [7]}
    [line] = cloud.lines()
    assert (line["message"], line["sources"]) == ("quiet", ["github", "stripe"])


@pytest.mark.parametrize(
    ("operation", "answer", "metric"),
    [
        ("ssm.GetParametersByPath", {"QuietSources": False, "Unaccounted": True}, "Unaccounted"),
        ("cloudwatch.GetMetricData", {"QuietSources": False, "Unaccounted": True}, "Unaccounted"),
        ("dynamodb.Scan", {"QuietSources": True, "Unaccounted": False}, "QuietSources"),
        ("sqs.GetQueueAttributes", {"QuietSources": True, "Unaccounted": False}, "QuietSources"),
    ],
)
def test_a_look_that_fails_tells_nothing_and_does_not_keep_the_other_from_it(
    cloud: DeliveryCloud,
    capsys: pytest.CaptureFixture[str],
    operation: str,
    answer: dict[str, bool],
    metric: str,
) -> None:
    cloud.fail(operation)

    assert look() == answer
    assert told(capsys.readouterr().out).keys() == {metric}
    assert [line["message"] for line in cloud.lines()] == ["unavailable"]
