"""`inlet dead-letters`: list, show, redrive, drop."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.padding import Padding

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.delivery_commands import DEFAULT_STACK, StackOption, failures_told
from inlet_bridge.cli.delivery_tables import dead_letters_table
from inlet_bridge.cli.plain_text import Text, text_of_json, text_of_lines
from inlet_bridge.operations.dead_letters import DeadLetter, DeadLetters, Filter
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError

app = typer.Typer(
    no_args_is_help=True, help="Deliveries that can never be delivered: see, redrive, drop."
)

SourceOption = Annotated[str, typer.Option("--source", help="Only of this source.")]
KindOption = Annotated[
    str,
    typer.Option("--class", help="Only of this class, such as `invalid message` or `expired`."),
]
SinceOption = Annotated[
    datetime | None, typer.Option("--since", help="Only what died then or later, in UTC.")
]
UntilOption = Annotated[
    datetime | None, typer.Option("--until", help="Only what died then or earlier, in UTC.")
]
IdOption = Annotated[str, typer.Option("--id", help="Only the one with this delivery id.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show which ones it would be, and change nothing.")
]


@app.command(name="list")
def list_letters(
    *,
    source: SourceOption = "",
    kind: KindOption = "",
    since: SinceOption = None,
    until: UntilOption = None,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """List dead letters, the oldest first."""
    with failures_told() as screen:
        wanted = _filter(source, kind, since, until)
        letters = _letters(screen, stack, wanted)
        screen.print(dead_letters_table(letters))


@app.command()
def show(
    delivery_id: Annotated[str, typer.Argument(help="The delivery id.")],
    *,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Show one dead letter with its payload."""
    with failures_told() as screen:
        letters = _letters(screen, stack, Filter(delivery_id=delivery_id))
        screen.print(dead_letters_table(letters))
        for letter in letters:
            if letter.delivery:
                screen.print(_payload(letter.delivery.body))


@app.command()
def redrive(
    *,
    source: SourceOption = "",
    kind: KindOption = "",
    since: SinceOption = None,
    until: UntilOption = None,
    delivery_id: IdOption = "",
    rate: Annotated[float, typer.Option(min=0.1, help="At most so many a second.")] = 20.0,
    dry_run: DryRunOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Put dead letters into the buffer again; their messages keep their `_id`.

    The exit status is 1 when one of them stays a dead letter.
    """
    with failures_told() as screen:
        wanted = _filter(source, kind, since, until, delivery_id)
        letters = _letters(screen, stack, wanted)
        if dry_run:
            screen.print(dead_letters_table(letters), Text("Nothing was changed."))
            return
        outcomes = DeadLetters(Deployed(stack)).redrive(wanted, _pace(rate))
        stay = 0
        done = 0
        for letter, problem in screen.track(outcomes, "Redriving", len(letters)):
            done += not problem
            stay += bool(problem)
            if problem:
                screen.print(Text(f"✗ {_name(letter)} {problem}", style="red"))
        screen.print(Text(f"{done} wait in the buffer again, {stay} stay dead letters."))
        if stay:
            raise typer.Exit(1)


@app.command()
def drop(
    *,
    source: SourceOption = "",
    kind: KindOption = "",
    since: SinceOption = None,
    until: UntilOption = None,
    delivery_id: IdOption = "",
    dry_run: DryRunOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Throw dead letters away for good. Asks first."""
    with failures_told() as screen:
        wanted = _filter(source, kind, since, until, delivery_id)
        letters = _letters(screen, stack, wanted)
        screen.print(dead_letters_table(letters))
        if dry_run:
            screen.print(Text("Nothing was changed."))
            return
        if not yes and not screen.confirm(f"Throw these {len(letters)} away for good?"):
            raise typer.Abort
        dropped = sum(1 for _ in DeadLetters(Deployed(stack)).drop(wanted))
        screen.print(Text(f"{dropped} dead letters are gone."))


def _filter(
    source: str, kind: str, since: datetime | None, until: datetime | None, delivery_id: str = ""
) -> Filter:
    return Filter(
        source=source,
        kind=kind,
        since=since and since.replace(tzinfo=UTC),
        until=until and until.replace(tzinfo=UTC),
        delivery_id=delivery_id,
    )


def _letters(screen: Screen, stack: str, wanted: Filter) -> list[DeadLetter]:
    with screen.step("Reading the dead letters"):
        letters = DeadLetters(Deployed(stack)).letters(wanted)
    if letters:
        return letters
    if wanted.delivery_id:
        raise OperationError(f"there is no dead letter {wanted.delivery_id}")
    screen.print(Text("There are no such dead letters."))
    raise typer.Exit


def _pace(rate: float) -> Callable[[], None]:
    return lambda: time.sleep(1 / rate)


def _name(letter: DeadLetter) -> str:
    if letter.delivery is None:
        return "a message that is no delivery"
    return f"{letter.delivery.source} {letter.delivery.delivery_id}"


def _payload(body: bytes) -> Padding:
    """The body, indented: a line of it could look like one of ours."""
    try:
        text = text_of_json(json.loads(body))
    except (ValueError, RecursionError):
        text = text_of_lines(body.decode(errors="replace"))
    return Padding(text, (0, 2))
