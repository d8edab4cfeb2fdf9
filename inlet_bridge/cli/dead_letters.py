"""List, show, redrive and drop dead letters."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import typer

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.delivery_documents import dead_letter_json
from inlet_bridge.cli.delivery_tables import dead_letters_table
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.pages import Listed, show_page
from inlet_bridge.cli.paging import Page
from inlet_bridge.cli.payloads import payload
from inlet_bridge.cli.questions import confirm_permanent
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.configuration.former_sources import put_back
from inlet_bridge.operations.configuration.known_sources import refuse_source, require_source
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.queues.dead_letter import DeadLetter
from inlet_bridge.operations.queues.dead_letter_filter import Filter
from inlet_bridge.operations.queues.dead_letters import MOST_LISTED, DeadLetters
from inlet_bridge.operations.queues.letters_before import LettersBefore
from inlet_bridge.operations.records.shortened_ids import meant_by
from inlet_bridge.operations.replay.rate_limiter import RateLimiter

_SHOWN_REASONS: Final = 5


def show_list(selection: Filter, stack: str, page: Page, *, as_json: bool) -> None:
    """Print a page of the selected dead letters."""
    with report_operation_errors() as screen:
        if as_json:
            letters = DeadLetters(Deployed(stack)).letters(selection)
            if selection.source and not letters:
                require_source(Deployed(stack), selection.source)
        else:
            letters = _read(screen, stack, selection)
        shown, more = page.of(letters)
        listed = Listed([dead_letter_json(each) for each in shown], dead_letters_table(shown))
        nothing = OperationError("there are no such dead letters")
        show_page(screen, "dead_letters", listed, page, more=more, nothing=nothing, as_json=as_json)


def show(delivery_id: str, stack: str) -> None:
    """Print one dead letter with its payload."""
    with report_operation_errors() as screen:
        letters = _read(screen, stack, Filter(delivery_id=delivery_id))
        screen.print(dead_letters_table(letters))
        for letter in letters:
            if letter.delivery:
                screen.print(payload(letter.delivery))


def redrive(selection: Filter, stack: str, *, rate: float, dry_run: bool) -> bool:
    """Redrive what is dead now; return whether all was moved and nothing came back."""
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        before = _before(screen, deployed, selection)
        letters = before.letters
        _tell_deleted(screen, stack, letters)
        if dry_run:
            screen.print(dead_letters_table(letters), Text("Nothing was changed."))
            return True
        moved = events = failed = 0
        returned: Counter[str] = Counter()

        def see_returned(letter: DeadLetter) -> None:
            returned[f"{letter.kind}: {letter.reason}"] += 1

        outcomes = DeadLetters(deployed).redrive(selection, _limit(rate), before, see_returned)
        for letter, problem in screen.track(outcomes, "Redriving", len(letters)):
            if problem:
                failed += 1
                screen.print(Text(f"✗ {_name(letter)} {problem}", style="red"))
            elif letter.event is not None:
                events += 1
            else:
                moved += 1
        to_events = f" {events} to the queue of events," if events else ""
        screen.print(Text(f"{moved} moved to the buffer,{to_events} {failed} stay dead letters."))
        _tell_returned(screen, returned)
        return not failed and not returned


def drop(selection: Filter, stack: str, *, dry_run: bool, confirmed: bool) -> None:
    """Delete the selected dead letters after confirmation."""
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        before = _before(screen, deployed, selection)
        letters = before.letters
        screen.print(dead_letters_table(letters))
        if dry_run:
            screen.print(Text("Nothing was changed."))
            return
        question = f"Delete {len(letters)} dead letters permanently?"
        if not before.all_listed:
            question = (
                f"Delete these {MOST_LISTED} dead letters and all others that are selected"
                " permanently?"
            )
        if not confirmed and not confirm_permanent(screen, question):
            raise typer.Abort
        dropped = sum(1 for _ in DeadLetters(deployed).drop(selection, before))
        screen.print(Text(f"{dropped} dead letters were deleted."))


def _before(screen: Screen, deployed: Deployed, selection: Filter) -> LettersBefore:
    """What is dead now; exits with status 0 if nothing is."""
    letters = _read(screen, deployed.stack, selection)
    return LettersBefore(letters, deployed.time.now(), all_listed=len(letters) < MOST_LISTED)


def _tell_returned(screen: Screen, reasons: Counter[str]) -> None:
    """Say how many letters were dead again at once, and why."""
    if not reasons:
        return
    total = reasons.total()
    became = "1 became a dead letter again" if total == 1 else f"{total} became dead letters again"
    again = f"{became}: the cause is not removed."
    screen.print(Text(again, style="yellow"))
    for reason, times in reasons.most_common(_SHOWN_REASONS):
        screen.print(Text(f"  {times} × {reason}", style="dim"))


def _read(screen: Screen, stack: str, selection: Filter) -> list[DeadLetter]:
    """The selected dead letters; exits with status 0 if there are none."""
    classes: Counter[str] = Counter()
    ids: list[str] = []

    def see_other(letter: DeadLetter) -> None:
        if replace(selection, kind="").matches(letter):
            classes[letter.kind] += 1
        if letter.delivery and Filter(source=selection.source).matches(letter):
            ids.append(letter.delivery.delivery_id)

    with screen.step("Reading the dead letters"):
        letters = DeadLetters(Deployed(stack)).letters(selection, see_other)
    if letters:
        return letters
    deployed = Deployed(stack)
    if selection.source:
        require_source(deployed, selection.source)
    if selection.delivery_id:
        name = selection.delivery_id
        refuse_source(deployed, name, f"Select those of a source with --source {name}.")
        raise OperationError(
            f"there is no dead letter {name}{meant_by(name, ids)}",
            hint="`inlet dead-letters list` lists them; `inlet why` shows any delivery.",
        )
    screen.print(Text(f"There are no such dead letters.{_classes(classes, selection)}"))
    raise typer.Exit


def _tell_deleted(screen: Screen, stack: str, letters: Sequence[DeadLetter]) -> None:
    """Say of which sources the letters become dead letters again, since they do not exist."""
    named = {letter.delivery.source for letter in letters if letter.delivery}
    for name in sorted(named.difference(Deployed(stack).sources) if named else ()):
        text = (
            f"{name} is not a source any more: its deliveries become dead letters again."
            f" {put_back(name)}"
        )
        screen.print(Text(text, style="yellow"))


def _classes(others: Counter[str], selection: Filter) -> str:
    """The classes of the letters that are selected apart from their class; a sentence."""
    if not selection.kind:
        return ""
    listed = ", ".join(f"{kind} ({number})" for kind, number in others.most_common())
    if not listed:
        return " Nothing is dead, of whatever class."
    return f" There are others: {listed}."


def _limit(rate: float) -> Callable[[], None]:
    return RateLimiter(rate).wait


def _name(letter: DeadLetter) -> str:
    if letter.event is not None:
        return "an event"
    if letter.delivery is None:
        return "a message that is not a delivery"
    return f"{letter.delivery.source} {letter.delivery.delivery_id}"
