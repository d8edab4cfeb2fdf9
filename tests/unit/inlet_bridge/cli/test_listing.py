"""Tests of lists: IDs can be copied, however narrow the terminal is."""

import pytest

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.listing import Listing
from inlet_bridge.cli.paging import Page
from inlet_bridge.cli.styled_text import Text

UUID = "129c2837-7033-4f03-b9b0-4951c917a918"
HASH = f"sha256:{'0123456789abcdef' * 4}"
TARGET = f"{HASH}/webhooks-of-a-connection/events"


def printed(capsys: pytest.CaptureFixture[str], *parts: object, width: int = 80) -> str:
    screen = Screen()
    screen._console.width = width  # noqa: SLF001 - as wide as a terminal may be
    screen.print(*parts)  # type: ignore[arg-type]
    return capsys.readouterr().out


def listing() -> Listing:
    table = Listing("Logged", "Source", "State", "Delivery id", "xactionId or reason")
    for delivery_id in (UUID, HASH, TARGET):
        table.add_row("2026-11-29 06:00:00+00:00", "github", "delivered", delivery_id, HASH)
    table.add_row("2026-11-29 06:00:00+00:00", "github", "buffered", "d-1", "")
    return table


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_id_is_broken_over_lines(capsys: pytest.CaptureFixture[str], width: int) -> None:
    lines = printed(capsys, listing(), width=width).splitlines()

    for delivery_id in (UUID, HASH, TARGET):
        assert [line for line in lines if delivery_id in line.split()]


@pytest.mark.parametrize("columns", [1, 2, 4, 7])
def test_no_id_is_cut_off_at_any_width(capsys: pytest.CaptureFixture[str], columns: int) -> None:
    ids = [f"{UUID}-{number}" for number in range(columns)]
    table = Listing(*map(str, range(columns)))
    table.add_row(*ids)
    fits = columns * (len(UUID) + 2) + 3 * columns + 1

    for width in range(fits - 2 * columns - 3, fits + 2):
        lines = printed(capsys, table, width=width).splitlines()
        found = [word for line in lines for word in line.split()]
        assert [each for each in found if each in ids] == ids, width
        is_table = ids[0] not in lines[0]
        assert is_table == (width >= fits), width


def test_title_wider_than_it_is_long_is_not_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    table = Listing("配信")
    table.add_row("a")

    assert "配信" in printed(capsys, table, width=8)
    assert "…" not in printed(capsys, table, width=7)


def test_list_that_fits_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    table = Listing("Source", "Delivery id")
    table.add_row("github", UUID)
    lines = [line.split() for line in printed(capsys, table).splitlines() if line.strip()]

    assert lines[0] == ["Source", "Delivery", "id"]
    assert lines[-1] == ["github", UUID]


def test_line_of_text_breaks_between_words_only(capsys: pytest.CaptureFixture[str]) -> None:
    command = f"aws ssm put-parameter --name /inlet-bridge/dev/secrets/{HASH}"
    output = printed(capsys, Text(f"Store it: {command}"))

    assert f"/inlet-bridge/dev/secrets/{HASH}" in output


@pytest.mark.parametrize(
    ("number", "items", "more"),
    [(1, [0, 1], True), (2, [2, 3], True), (3, [4], False), (4, [], False)],
)
def test_pages_have_a_number_of_records_each(number: int, items: list[int], *, more: bool) -> None:
    page = Page(2, number)

    assert page.of(range(5)) == (items, more)
    assert page.of(iter(range(min(page.end, 5)))) == (items, more)
