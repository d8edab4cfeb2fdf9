"""Show the AWS cost of a month."""

from dataclasses import asdict, replace
from typing import Any

from rich.table import Table

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.cost.bill import Item, bill
from inlet_bridge.cost.prices import PRICES
from inlet_bridge.cost.usage import Month
from inlet_bridge.plain_text import plain_json

_MEMORIES = (128, 256, 512, 1_024)
_OF_CALLS = ("Lambda, requests", "Lambda, duration")


def show_cost(month: Month, *, as_json: bool) -> None:
    """Print the bill of a month, and its Lambda items for other memory sizes."""
    screen = Screen()
    if as_json:
        screen.write(plain_json(_document(month)) + "\n")
        return
    title = f"{month.webhooks:,} webhooks a month, {PRICES.region}, prices of {PRICES.as_of}"
    screen.print(Text(title), _items(bill(month)))
    screen.print(Text("Lambda by memory"), _memories(month))


def _document(month: Month) -> dict[str, Any]:
    items = bill(month)
    return {
        "webhooks": month.webhooks,
        "region": PRICES.region,
        "prices_as_of": str(PRICES.as_of),
        "items": [asdict(item) for item in items],
        "dollars": sum(item.dollars for item in items),
        "fixed_dollars": sum(item.dollars for item in items if item.fixed),
    }


def _items(items: list[Item]) -> Table:
    table = Table("item", "use", "USD")
    for what, fixed in (("by webhook", False), ("fixed", True)):
        part = [item for item in items if item.fixed is fixed]
        for item in part:
            table.add_row(item.what, item.use, f"{item.dollars:,.2f}")
        table.add_section()
        table.add_row(what, "", _dollars(part))
        table.add_section()
    table.add_row("together", "", _dollars(items))
    return table


def _dollars(items: list[Item]) -> str:
    return f"{sum(item.dollars for item in items):,.2f}"


def _memories(month: Month) -> Table:
    table = Table("memory", "a call", "USD")
    for megabytes in _MEMORIES:
        each = replace(month, memory_mb=megabytes)
        duration = sum(item.dollars for item in bill(each) if item.what in _OF_CALLS)
        call = each.receiver_seconds * 1_000
        table.add_row(f"{megabytes} MB", f"{call:,.0f} ms", f"{duration:,.2f}")
    return table
