"""Tests of the tables of a run."""

import io

from rich.console import Console, RenderableType

from inlet_bridge.cli.run_tables import chain_lines, fault_lines, webhooks_table
from inlet_bridge.local.scenario import Variation
from tests.support.verdicts import verdict


def drawn(part: RenderableType, width: int = 200) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(part, overflow="ignore", crop=False)
    output: str = console.file.getvalue()  # type: ignore[attr-defined]
    return output


def test_there_is_one_line_per_webhook_with_all_its_names() -> None:
    lines = drawn(webhooks_table([verdict(), verdict(variation=Variation.FORGED, status=401)]))
    ours, refused = (line.split() for line in lines.splitlines() if "github" in line)

    assert ours == ["✓", "github", "push", "as", "it", "is", "200", "events", "d-1", "x-1"]
    assert refused[:6] == ["✓", "github", "push", "wrong", "signature", "401"]


def test_wrong_response_is_printed_with_the_expected_one() -> None:
    table = drawn(webhooks_table([verdict(status=503, faults=("answered 503",))]))

    assert "503, not 200" in table
    assert "✗" in table


def test_narrow_terminal_truncates_no_names() -> None:
    delivery_id, xaction_id = "129c2837-7033-4f03-b9b0-4951c917a918", f"{'17e0aa3c-' * 4}0"
    long = verdict("shopify", delivery_id=delivery_id, xaction_id=xaction_id)
    table = drawn(webhooks_table([long]), width=80)

    assert delivery_id in table
    assert xaction_id in table
    assert "shopify  push" in table


def test_every_fault_is_a_line() -> None:
    lines = fault_lines([verdict(faults=("a", "b")), verdict()], ["c"])

    assert [line.plain for line in lines] == [
        "✗ github/push (as it is) a",
        "✗ github/push (as it is) b",
        "✗ c",
    ]


def test_chain_is_a_tree_of_its_parameters() -> None:
    values = {
        "connections/webhooks/inlet_id": "abc",
        "connections/webhooks/flows/events/flow_id": "f-1",
    }
    lines = [line.plain for line in chain_lines("/inlet-bridge/local", values)]

    assert lines == [
        "The chain, as /inlet-bridge/local/connections has it",
        "  webhooks",
        "    flows",
        "      events",
        "        flow_id  f-1",
        "    inlet_id  abc",
    ]
