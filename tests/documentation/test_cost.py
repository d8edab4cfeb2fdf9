"""The cost estimate uses the measured, deployed and documented numbers."""

import re

import pytest
from typer.testing import CliRunner

from bridge.delivery.counts import Count, Measure
from inlet_bridge.cli.main import app
from inlet_bridge.cost.bill import bill
from inlet_bridge.cost.usage import (
    ALARMS,
    FORWARDED_PER_CPU_SECOND,
    LOOKS,
    METRICS,
    WARM_CPU_MS,
    Month,
)
from tests.support.sam_template import ROOT, resources, template

PERFORMANCE = (ROOT / "docs" / "performance.md").read_text()


def median(section: str, subject: str) -> float:
    """The median in the first table of a section."""
    text = PERFORMANCE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    row = next(line for line in text.splitlines() if line.startswith(f"| {subject} |"))
    return float(row.split("|")[3].replace(",", ""))


def test_durations_are_those_of_the_benchmark() -> None:
    assert median("Warm call", "receiver") == WARM_CPU_MS
    assert median("Forwarding", "forwarder, 100 × 1 kB") == FORWARDED_PER_CPU_SECOND


def test_alarms_and_metrics_are_those_of_the_template() -> None:
    kinds = [item["Type"] for item in resources().values()]

    assert kinds.count("AWS::CloudWatch::Alarm") == ALARMS
    assert not kinds.count("AWS::CloudWatch::CompositeAlarm")
    # Metrics are billed from their first value on; duplicates and dead letters are rare.
    assert METRICS["source"] <= len(Count)
    assert METRICS["connection"] <= 2 * len(Measure)


def test_frequency_of_the_check_is_that_of_the_template() -> None:
    events = resources()["WatchFunction"]["Properties"]["Events"]

    assert events["ConservationCheck"]["Properties"]["Schedule"] == "rate(6 hours)"
    assert LOOKS == 24 / 6 * 30


def test_memory_is_that_of_the_template() -> None:
    assert Month(1).memory_mb == resources()["ReceiverFunction"]["Properties"]["MemorySize"]
    assert Month(1).architecture == template()["Parameters"]["Architecture"]["Default"]


def test_readme_has_the_cost_of_a_million_webhooks() -> None:
    [documented] = re.findall(r"\$(\d+\.\d) a million", (ROOT / "README.md").read_text())
    variable = [item for item in bill(Month(1_000_000)) if item.what not in {"Metrics", "Alarms"}]

    assert float(documented) == pytest.approx(sum(item.dollars for item in variable), abs=0.05)


def test_page_shows_the_output_of_the_command() -> None:
    printed = CliRunner().invoke(app, ["cost", "--per-month", "1000000"])

    assert printed.exit_code == 0
    shown = re.search(r"```\n(1,000,000 webhooks.*?)```", PERFORMANCE, re.DOTALL)
    assert shown
    assert [line.rstrip() for line in printed.output.splitlines() if line.strip()] == [
        line.rstrip() for line in shown[1].splitlines() if line.strip()
    ]
