"""`inlet cost`: what a month costs at AWS."""

from typing import Annotated, Literal

import typer
from rich.table import Table

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.plain_text import Text
from inlet_bridge.cost.bill import Item, bill
from inlet_bridge.cost.prices import PRICES
from inlet_bridge.cost.usage import Month

_MEMORIES = (128, 256, 512, 1_024)


def cost(
    *,
    per_month: Annotated[
        int, typer.Option("--per-month", min=1, metavar="N", help="Webhooks in a month.")
    ] = 1_000_000,
    kilobytes: Annotated[
        float, typer.Option("--kb", min=0.1, help="Size of a webhook's body.")
    ] = 1.0,
    inlet_ms: Annotated[
        float, typer.Option(min=1, help="What the inlet takes; metric InletLatency tells yours.")
    ] = 100.0,
    buffered: Annotated[
        float, typer.Option(min=0, max=1, help="The part that goes through the buffer.")
    ] = 0.01,
    sources: Annotated[int, typer.Option(min=1, help="Senders.")] = 1,
    memory: Annotated[int, typer.Option(min=128, max=10_240, help="MB of the functions.")] = 512,
    architecture: Annotated[
        Literal["arm64", "x86_64"], typer.Option(help="Processor of the functions.")
    ] = "arm64",
) -> None:
    """Work out what a month of webhooks costs at AWS, item by item, without free tiers."""
    screen = Screen()

    def month(megabytes: int) -> Month:
        return Month(per_month, kilobytes, inlet_ms, buffered, sources, megabytes, architecture)

    items = bill(month(memory))
    title = f"{per_month:,} webhooks a month, {PRICES.region}, prices of {PRICES.as_of}"
    screen.print(Text(title), _items(items))
    screen.print(Text("Lambda by memory"), _memories([(each, month(each)) for each in _MEMORIES]))


def _items(items: list[Item]) -> Table:
    table = Table("item", "use", "USD")
    for item in items:
        table.add_row(item.what, item.use, f"{item.dollars:,.2f}")
    total = sum(item.dollars for item in items)
    table.add_section()
    table.add_row("together", "", f"{total:,.2f}")
    return table


def _memories(months: list[tuple[int, Month]]) -> Table:
    table = Table("memory", "a call", "USD")
    for megabytes, month in months:
        duration = sum(item.dollars for item in bill(month) if item.what.startswith("Lambda"))
        call = month.receiver_seconds * 1_000
        table.add_row(f"{megabytes} MB", f"{call:,.0f} ms", f"{duration:,.2f}")
    return table
