"""Arguments of `inlet failed list`, `show`, `replay` and `drop`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from inlet_bridge.cli.completion import source_names
from inlet_bridge.cli.options import DEFAULT_STACK, JsonOption, StackOption, YesOption
from inlet_bridge.cli.other_commands import CommandGroup
from inlet_bridge.cli.paging import DEFAULT_LIMIT, LimitOption, PageOption
from inlet_bridge.cli.replay_command import RateOption
from inlet_bridge.cli.times import TIME, past_time

if TYPE_CHECKING:
    from inlet_bridge.operations.replay.failed import FailedFilter

app = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    help="List, show, replay or drop what Adobe rejected after the inlet had accepted it.",
)

SourceOption = Annotated[
    str, typer.Option("--source", help="Only of this source.", autocompletion=source_names)
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        "--since", parser=past_time, metavar="TIME", help=f"Only those that failed since. {TIME}"
    ),
]
ReasonOption = Annotated[
    str, typer.Option("--reason", help="Only those whose reason contains this text.")
]
IdOption = Annotated[str, typer.Option("--id", help="Only the one with this delivery id.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Change nothing.")]


@app.command(name="list")
def list_failed(
    *,
    source: SourceOption = "",
    since: SinceOption = None,
    reason: ReasonOption = "",
    limit: LimitOption = DEFAULT_LIMIT,
    page: PageOption = 1,
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """List failed records, the newest first, and count them by Adobe's reason."""
    from inlet_bridge.cli import failed
    from inlet_bridge.cli.paging import Page

    failed.show_list(_filter(source, since, reason), stack, Page(limit, page), as_json=as_json)


@app.command()
def show(
    delivery_id: Annotated[str, typer.Argument(help="The delivery id.")],
    *,
    source: SourceOption = "",
    values: Annotated[
        bool, typer.Option("--values", help="Print the webhook and its message, with values.")
    ] = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Show one failed record, and the message that its webhook becomes today."""
    from inlet_bridge.cli import failed_details

    failed_details.show(_filter(source, delivery_id=delivery_id), stack, values=values)


@app.command()
def replay(
    *,
    source: SourceOption = "",
    since: SinceOption = None,
    reason: ReasonOption = "",
    delivery_id: IdOption = "",
    rate: RateOption = 100.0,
    dry_run: DryRunOption = False,
    resume: Annotated[
        str, typer.Option(metavar="ID", help="Continue a replay that was interrupted.")
    ] = "",
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Send failed records again, through the routes and maps of today, with their `_id`.

    Of a webhook that became several messages, only the failed ones are sent.
    The exit status is 1 if something that was selected cannot be sent.
    """
    from inlet_bridge.cli import failed

    selection = _filter(source, since, reason, delivery_id)
    sent = failed.replay(
        selection, stack, rate=rate, dry_run=dry_run, resume=resume, as_json=as_json
    )
    raise typer.Exit(0 if sent else 1)


@app.command()
def drop(
    *,
    source: SourceOption = "",
    since: SinceOption = None,
    reason: ReasonOption = "",
    delivery_id: IdOption = "",
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Close failed records that nobody will send again, after confirmation.

    They stay in the deliveries table with the time, and `inlet why` shows them.
    """
    from inlet_bridge.cli import failed

    selection = _filter(source, since, reason, delivery_id)
    failed.drop(selection, stack, dry_run=dry_run, confirmed=yes)


def _filter(
    source: str = "",
    since: datetime | None = None,
    reason: str = "",
    delivery_id: str = "",
) -> "FailedFilter":
    from inlet_bridge.operations.replay.failed import FailedFilter

    return FailedFilter(source=source, since=since, reason=reason, delivery_id=delivery_id)
