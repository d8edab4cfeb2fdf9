"""Erase stored webhooks, and report what was examined."""

import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import typer
from rich.table import Table

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.questions import confirm_permanent
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.configuration.known_sources import likely_source
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.erasure.body_selection import BodySelection
from inlet_bridge.operations.erasure.erasure import Erasure
from inlet_bridge.operations.erasure.examined import Examined, Place, Summary, summary

_MOST_IDS: Final = 5


@dataclass(frozen=True, slots=True)
class EraseOptions:
    """The arguments of `inlet erase`; `wait` is in minutes."""

    where: str
    source: str
    wait: int
    dry_run: bool
    confirmed: bool


def erase(options: EraseOptions, stack: str) -> bool:
    """Erase after confirmation; return whether everything could be examined, or was counted."""
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        selection = BodySelection(deployed, options.where)
        if options.dry_run or not options.confirmed:
            erasure = Erasure(deployed, selection, options.source)
            found = _run(screen, erasure, "Examining what is stored", dry_run=True)
            _show(screen, found, erasure.unseen, "selected")
            number = sum(found.selected.values())
            _tell_unknown(screen, deployed, options.source, found)
            _tell_absent(screen, selection)
            if options.dry_run or (options.source and not found.examined):
                screen.print(Text("Nothing was changed."))
                return True
            question = f"Erase these {number}, and what else the expression selects, permanently?"
            if not confirm_permanent(screen, question):
                raise typer.Abort
        erasure = Erasure(deployed, selection, options.source, wait=timedelta(minutes=options.wait))
        done = _run(screen, erasure, "Erasing", dry_run=False)
        if options.confirmed:
            _tell_unknown(screen, deployed, options.source, done)
            _tell_absent(screen, selection)
        return _show(screen, done, erasure.unseen, "erased")


def _tell_unknown(screen: Screen, deployed: Deployed, source: str, found: Summary) -> None:
    """Say that nothing of a source was examined: its name may be misspelled."""
    if not source or found.examined:
        return
    text = f"Nothing of a source {source} is stored"
    if source not in deployed.sources:
        close = likely_source(source, deployed.sources)
        text += f", and no source has this name{f'; is it {close}?' if close else '.'}"
    else:
        text += "; waiting events belong to no source yet."
    screen.print(Text(text, style="yellow"))


def _tell_absent(screen: Screen, selection: BodySelection) -> None:
    """Name the fields of the expression that nothing has: they may be misspelled."""
    for sentence in selection.absent.sentences():
        screen.print(Text(f"! {sentence}", style="yellow"))


def _run(screen: Screen, erasure: Erasure, text: str, *, dry_run: bool) -> Summary:
    with screen.step(text) as advance:
        return summary(_counted(erasure.run(dry_run=dry_run), advance))


def _counted(everything: Iterable[Examined], advance: Callable[[str], None]) -> Iterator[Examined]:
    for number, each in enumerate(everything, 1):
        advance(f"{number:,} examined")
        yield each


def _show(screen: Screen, found: Summary, unseen: int, done: str) -> bool:
    """Print the counts; return whether everything could be examined."""
    table = Table("stored as", "source", "examined", done)
    for (place, source), number in sorted(found.examined.items()):
        table.add_row(place, source or "-", f"{number:,}", f"{found.selected[place, source]:,}")
    table.add_section()
    total = sum(found.selected.values())
    table.add_row("together", "", f"{sum(found.examined.values()):,}", f"{total:,}")
    screen.print(table)
    for (place, reason), number in sorted(found.problems.items()):
        screen.print(Text(f"{number:,} {place} were not examined: {reason}", style="yellow"))
    for sentence in _unread(found):
        screen.print(Text(sentence, style="yellow"))
    if unseen:
        screen.print(
            Text(
                f"{unseen:,} deliveries are recorded as waiting or dead and were not seen: their"
                " messages are in flight or delayed. Run the command again.",
                style="yellow",
            )
        )
    return not found.problems and not unseen


def _unread(found: Summary) -> Iterator[str]:
    """Which deliveries could not be examined, and what deletes dead letters all the same."""
    for place in dict.fromkeys(place for place, _, _ in found.unread):
        of_place = [each for each in found.unread if each[0] is place]
        ids = ", ".join(f"{name} of {source}" for _, source, name in of_place[:_MOST_IDS])
        yield f"Of the {place}: {ids}{', …' if len(of_place) > _MOST_IDS else ''}."
        if place is Place.DEAD_LETTERS:
            _, source, name = of_place[0]
            selection = f"--id {shlex.quote(name)} --source {source}"
            yield f"`inlet dead-letters drop {selection}` deletes one without examining it."
