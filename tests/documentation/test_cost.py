"""The cost estimate uses the measured, deployed and documented numbers."""

import re
from typing import Any

import pytest
from typer.testing import CliRunner

from bridge.sources.cache import JITTER, SOURCE_LIFETIME
from inlet_bridge.cli.main import app
from inlet_bridge.cost.bill import Item, bill
from inlet_bridge.cost.usage import (
    ALARMS,
    EVENT_ALARMS,
    FORWARDED_PER_CPU_SECOND,
    FORWARDER_MB,
    LOOKS,
    REFRESH_SECONDS,
    WARM_CPU_MS,
    Month,
)
from tests.support.sam_template import ROOT, functions, resources, source_resources, template

PERFORMANCE = (ROOT / "docs" / "performance.md").read_text()


def dollars(items: list[Item], *, fixed: bool) -> float:
    return sum(item.dollars for item in items if item.fixed is fixed)


def of_type(kind: str) -> list[dict[str, Any]]:
    return [item for item in resources().values() if item["Type"] == kind]


def median(section: str, subject: str) -> float:
    """The median in the first table of a section."""
    text = PERFORMANCE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    row = next(line for line in text.splitlines() if line.startswith(f"| {subject} |"))
    return float(row.split("|")[3].replace(",", ""))


def test_durations_are_those_of_the_benchmark() -> None:
    assert median("Warm call", "receiver") == WARM_CPU_MS
    assert median("Forwarding", "forwarder, 100 × 1 kB") == FORWARDED_PER_CPU_SECOND


def test_month_costs_no_more_than_the_bounds() -> None:
    """A million webhooks of 1 kB, of which one in a hundred is buffered, from one source."""
    items = bill(Month(1_000_000))

    assert dollars(items, fixed=False) <= 3.50
    assert dollars(items, fixed=True) <= 5.00


def test_alarms_are_those_of_the_template() -> None:
    """An alarm is charged for each metric that it evaluates, also in an expression."""
    evaluated = {
        name: len([each for each in item["Properties"].get("Metrics", ()) if "MetricStat" in each])
        or 1
        for name, item in {**resources(), **source_resources()}.items()
        if item["Type"] == "AWS::CloudWatch::Alarm"
    }
    with_events = evaluated.keys() & source_resources().keys()

    assert sum(evaluated.values()) == ALARMS + EVENT_ALARMS
    assert sum(evaluated[name] for name in with_events) == EVENT_ALARMS
    assert not of_type("AWS::CloudWatch::CompositeAlarm")


def test_pollers_are_those_of_the_template() -> None:
    """Lambda polls each queue with five pollers; fewer only without `MaximumConcurrency`."""
    mappings = [
        event["Properties"]
        for function in functions().values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "SQS"
    ]
    optional = [
        item
        for item in source_resources().values()
        if item["Type"] == "AWS::Lambda::EventSourceMapping"
    ]

    assert len(mappings) == 1
    assert [item["Condition"] for item in optional] == ["HasEvents"]
    for mapping in (*mappings, *(item["Properties"] for item in optional)):
        assert "MaximumConcurrency" in mapping["ScalingConfig"]
        assert "ProvisionedPollerConfig" not in mapping


def test_frequency_of_the_checks_is_that_of_the_template() -> None:
    watch = resources()["WatchFunction"]["Properties"]["Events"]
    drift = resources()["ProvisionerFunction"]["Properties"]["Events"]["DriftCheck"]

    assert watch["ConservationCheck"]["Properties"]["Schedule"] == "rate(6 hours)"
    assert LOOKS == 24 / 6 * 30
    for check in (drift, watch["SilenceCheck"]):
        assert check["Properties"]["Schedule"] == "rate(1 hour)"


def test_secrets_are_cached_as_long_as_estimated() -> None:
    assert SOURCE_LIFETIME.total_seconds() * (1 - JITTER / 2) == REFRESH_SECONDS


def test_memory_is_that_of_the_template() -> None:
    receiver = resources()["ReceiverFunction"]["Properties"]["MemorySize"]

    assert Month(1).memory_mb == template()["Parameters"][receiver["Ref"]]["Default"]
    assert functions()["ForwarderFunction"]["MemorySize"] == FORWARDER_MB
    assert Month(1).architecture == template()["Parameters"]["Architecture"]["Default"]


def test_readme_has_the_cost_of_a_million_webhooks() -> None:
    for page in ("README.md", "docs/performance.md"):
        text = " ".join((ROOT / page).read_text().split())
        [(variable, fixed)] = re.findall(r"about \$([\d.]+) .{0,40}and \$([\d.]+) a month", text)
        items = bill(Month(1_000_000))
        assert float(variable) == pytest.approx(dollars(items, fixed=False), abs=0.05)
        assert float(fixed) == pytest.approx(dollars(items, fixed=True), abs=0.05)


def test_page_shows_the_output_of_the_command() -> None:
    printed = CliRunner().invoke(app, ["cost", "--per-month", "1000000"])

    assert printed.exit_code == 0
    shown = re.search(r"```\n(1,000,000 webhooks.*?)```", PERFORMANCE, re.DOTALL)
    assert shown
    assert [line.rstrip() for line in printed.output.splitlines() if line.strip()] == [
        line.rstrip() for line in shown[1].splitlines() if line.strip()
    ]
