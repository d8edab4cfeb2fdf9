"""Arguments of `inlet dead-letters list`, `show`, `redrive` and `drop`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.spelling import nearest
from inlet_bridge.cli.completion import source_names
from inlet_bridge.cli.options import DEFAULT_STACK, JsonOption, StackOption, YesOption
from inlet_bridge.cli.other_commands import CommandGroup
from inlet_bridge.cli.paging import DEFAULT_LIMIT, LimitOption, PageOption
from inlet_bridge.cli.times import TIME, check_period, past_time

if TYPE_CHECKING:
    from inlet_bridge.operations.queues.dead_letter_filter import Filter

app = typer.Typer(
    cls=CommandGroup, no_args_is_help=True, help="List, show, redrive or drop dead letters."
)

SourceOption = Annotated[
    str, typer.Option("--source", help="Only of this source.", autocompletion=source_names)
]
KindOption = Annotated[
    str,
    typer.Option("--class", help="Only of this class, such as `invalid message` or `expired`."),
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        "--since", parser=past_time, metavar="TIME", help=f"Only those since then. {TIME}"
    ),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option("--until", parser=past_time, metavar="TIME", help="Only those until then."),
]
IdOption = Annotated[str, typer.Option("--id", help="Only the one with this delivery id.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="List the dead letters without changing anything.")
]


@app.command(name="list")
def list_letters(
    *,
    source: SourceOption = "",
    kind: KindOption = "",
    since: SinceOption = None,
    until: UntilOption = None,
    limit: LimitOption = DEFAULT_LIMIT,
    page: PageOption = 1,
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """List dead letters, oldest first."""
    from inlet_bridge.cli import dead_letters
    from inlet_bridge.cli.paging import Page

    selection = _filter(source, kind, since, until)
    dead_letters.show_list(selection, stack, Page(limit, page), as_json=as_json)


@app.command()
def show(
    delivery_id: Annotated[str, typer.Argument(help="The delivery id.")],
    *,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Show one dead letter with its payload."""
    from inlet_bridge.cli import dead_letters

    dead_letters.show(delivery_id, stack)


@app.command()
def redrive(
    *,
    source: SourceOption = "",
    kind: KindOption = "",
    since: SinceOption = None,
    until: UntilOption = None,
    delivery_id: IdOption = "",
    rate: Annotated[float, typer.Option(min=0.1, help="At most this many per second.")] = 20.0,
    dry_run: DryRunOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Move dead letters back to the buffer; their messages keep their `_id`.

    The exit status is 1 if one of them stays a dead letter or is one again within seconds.
    """
    from inlet_bridge.cli import dead_letters

    selection = _filter(source, kind, since, until, delivery_id)
    moved = dead_letters.redrive(selection, stack, rate=rate, dry_run=dry_run)
    raise typer.Exit(0 if moved else 1)


@app.command()
def drop(
    *,
    source: SourceOption = "",
    kind: KindOption = "",
    since: SinceOption = None,
    until: UntilOption = None,
    delivery_id: IdOption = "",
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Delete dead letters permanently, after confirmation."""
    from inlet_bridge.cli import dead_letters

    selection = _filter(source, kind, since, until, delivery_id)
    dead_letters.drop(selection, stack, dry_run=dry_run, confirmed=yes)


def _filter(
    source: str, kind: str, since: datetime | None, until: datetime | None, delivery_id: str = ""
) -> "Filter":
    check_period(since, until)
    _check_class(kind)
    from inlet_bridge.operations.queues.dead_letter_filter import Filter

    return Filter(
        source=source,
        kind=kind,
        since=since,
        until=until,
        delivery_id=delivery_id,
    )


def _check_class(kind: str) -> None:
    """Raise BadParameter for a class that no dead letter can have."""
    from inlet_bridge.operations.queues.dead_letter import CLASSES

    if not kind or kind in CLASSES:
        return
    close = nearest(kind, CLASSES)
    meant = f"is it {close}?" if close else f"there is {', '.join(CLASSES)}"
    raise typer.BadParameter(f"there is no {kind}; {meant}", param_hint="--class")
