"""Commands for a deployed bridge: what became of webhooks, pauses, and the books."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from bridge.delivery.record import State
from bridge.sources.directory import SOURCE_LIFETIME
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.delivery_tables import audit_table, deliveries_table, story
from inlet_bridge.cli.plain_text import Text
from inlet_bridge.operations.audit import audit as count
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.pause import pause as start_pause
from inlet_bridge.operations.pause import resume as end_pause
from inlet_bridge.operations.records import Records

StackOption = Annotated[
    str,
    typer.Option(
        "--stack",
        envvar="BRIDGE_STACK",
        help="Name of the deployed stack; AWS_PROFILE and AWS_REGION say where it is.",
    ),
]
DEFAULT_STACK = "inlet-bridge-dev"


@contextmanager
def failures_told() -> Iterator[Screen]:
    """Errors as a sentence and a way out, and exit status 1."""
    screen = Screen()
    try:
        yield screen
    except OperationError as exc:
        screen.failure(exc)
        raise typer.Exit(1) from exc
    except (ClientError, BotoCoreError) as exc:
        screen.failure(OperationError(f"AWS refused: {exc}"))
        raise typer.Exit(1) from exc


def deliveries(
    source: Annotated[str, typer.Argument(help="Name of the source.")],
    *,
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 50,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """List what became of a source's webhooks, the newest first. No payloads are in it."""
    with failures_told() as screen:
        records = [
            record
            for record in Records(Deployed(stack)).of_source(source)
            if state is None or record.state is state
        ]
        if not records:
            raise OperationError(
                f"no deliveries of {source} are recorded" + (f" as {state}" if state else ""),
                hint="Records are kept for RecordDays (8) after they last changed.",
            )
        screen.print(deliveries_table(records[:limit]))
        if len(records) > limit:
            screen.print(Text(f"{len(records) - limit} more; --limit shows them.", style="dim"))


def why(
    delivery_id: Annotated[str, typer.Argument(help="As the answer, the log or the sender says.")],
    *,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Tell the story of one delivery: where it is, since when, and why."""
    with failures_told() as screen:
        found = Records(Deployed(stack)).find(delivery_id)
        if not found:
            raise OperationError(
                f"no delivery {delivery_id} is recorded",
                hint="It was refused (see the receiver's log), never came, or is older than"
                " RecordDays (8).",
            )
        for record in found:
            screen.print(story(record))


def pause(
    source: Annotated[str, typer.Argument(help="Name of the source.")] = "",
    *,
    connection: Annotated[
        str, typer.Option(help="Pause everything that goes through a connection instead.")
    ] = "",
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Hold webhooks back: they are verified, answered 202, and wait in the buffer."""
    with failures_told() as screen:
        start_pause(Deployed(stack), **_one_of(source, connection))
        screen.print(
            Text(
                f"{source or connection} is paused; within {_seconds(SOURCE_LIFETIME)} s nothing"
                " of it is sent any more."
            )
        )


def resume(
    source: Annotated[str, typer.Argument(help="Name of the source.")] = "",
    *,
    connection: Annotated[str, typer.Option(help="End a connection's pause instead.")] = "",
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """End a pause; what waited is sent within minutes."""
    with failures_told() as screen:
        paused = end_pause(Deployed(stack), **_one_of(source, connection))
        told = "goes on; what waited is sent within minutes" if paused else "was not paused"
        screen.print(Text(f"{source or connection} {told}."))


def audit(*, stack: StackOption = DEFAULT_STACK) -> None:
    """Check that all that was accepted is delivered, waiting, or a dead letter.

    The exit status is 1 when deliveries are recorded as waiting that are not in the buffer.
    Queues are counted approximately while messages move; run it again before you worry.
    """
    with failures_told() as screen:
        books = count(Deployed(stack))
        screen.print(audit_table(books))
        if books.missing > 0:
            raise OperationError(
                f"{books.missing} deliveries are recorded as waiting and are not in the buffer",
                hint="Run it again when the buffer is quiet; `inlet deliveries SOURCE --state"
                " buffered` names them.",
            )


def _one_of(source: str, connection: str) -> dict[str, str]:
    if bool(source) == bool(connection):
        raise OperationError("name a source or a --connection, one of them")
    return {"source": source, "connection": connection}


def _seconds(span: timedelta) -> int:
    return span // timedelta(seconds=1)
