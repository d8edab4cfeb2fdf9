"""Replay kept webhooks, with a progress bar and a summary."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import typer
from botocore.exceptions import BotoCoreError, ClientError

from bridge.adapters.aws.sqs import SqsBuffer
from bridge.sources.source import Source
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.questions import confirm_permanent, usage_error
from inlet_bridge.cli.replay_summary import show_summary
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.cli.value_advice import known_sources
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.configuration.known_sources import refuse_other_source
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.shortened_ids import meant_by
from inlet_bridge.operations.replay.rate_limiter import RateLimiter
from inlet_bridge.operations.replay.reopening import Reopening
from inlet_bridge.operations.replay.replay import Replay, not_since
from inlet_bridge.operations.replay.routing import Routing, condition
from inlet_bridge.operations.replay.run import Run, RunFiles, Selection, new_id, started_at
from inlet_bridge.operations.replay.sending import Decide, Sending
from inlet_bridge.operations.unreachable import rejection, unreachable


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    source: str
    since: datetime | None
    until: datetime | None
    delivery_id: str
    where: str
    to: str
    rate: float
    dry_run: bool
    resume: str
    as_json: bool
    stack: str
    asks: bool = False
    """Whether to ask before anything is sent."""


def replay(options: Options) -> bool:
    """Replay; return whether everything that was selected could be sent."""
    with report_operation_errors() as screen:
        files = None if options.dry_run else RunFiles()
        run = _run(options, files)
        deployed = Deployed(run.stack)
        configuration = Configuration(deployed)
        selection = run.selection
        source = configuration.source(selection.source)
        _require_answer(options)
        routing = Routing(
            source,
            selection.to,
            configuration.destination(selection.to) if selection.to else None,
            condition(source, selection.where) if selection.where else None,
            configuration.schema_reader(),
        )
        sending = sending_of(deployed, run, not_since(run), dry_run=options.dry_run)
        each = Replay(deployed, run, KeptBodies(deployed), routing, sending, files)
        if options.asks:
            _confirm(screen, each.total())
        if not options.as_json:
            _announce(screen, configuration, routing, run, dry_run=options.dry_run)
        with interruptible(resume_command(run), dry_run=options.dry_run):
            _follow(screen, each, hidden=options.as_json)
        show_summary(screen, run, each.tally, dry_run=options.dry_run, as_json=options.as_json)
        _require_something(deployed, source, selection, each)
        if not options.as_json:
            if not options.resume:
                _tell_nothing(screen, source.name, selection, each)
            _tell_expired(screen, run, source.keep_bodies)
        return not each.tally.failed


def _require_answer(options: Options) -> None:
    """Raise typer.BadParameter if a question is needed, and nobody can be asked."""
    if options.asks and (options.as_json or not can_ask()):
        raise usage_error(
            "is required to send all kept webhooks again where nobody can be asked;"
            " --since, --id or --where select some",
            "--yes",
        )


def can_ask() -> bool:
    """Whether somebody can answer a question: the input is a terminal."""
    return sys.stdin.isatty()


def _confirm(screen: Screen, total: int) -> None:
    """Ask before everything that is kept is sent. Raises typer.Abort."""
    webhooks = "1 webhook" if total == 1 else f"{total} webhooks"
    if total and not confirm_permanent(screen, f"Send {webhooks} again?"):
        raise typer.Abort


def sending_of(deployed: Deployed, run: Run, decide: Decide, *, dry_run: bool) -> Sending:
    """Sends at the rate of a run."""
    buffer = SqsBuffer(deployed.sqs, deployed.buffer)
    return Sending(
        Reopening(deployed), buffer, run.run_id, decide, RateLimiter(run.rate), dry_run=dry_run
    )


def _run(options: Options, files: RunFiles | None) -> Run:
    """A new run, or the one to be resumed. Raises OperationError."""
    if options.resume:
        started_at(options.resume)
        saved = files.load(options.resume) if files else None
        if saved and saved.kind == "replay":
            return saved
        if not options.source:
            raise OperationError(
                f"this machine has no replay {options.resume} that was interrupted",
                hint="Repeat its selection with --resume: what it has sent is not sent again.",
            )
    if options.since and options.since > datetime.now(UTC):
        raise OperationError(
            "--since is in the future",
            hint="Times without an offset, such as +02:00, are in UTC.",
        )
    if not options.source:
        hint = f"`inlet replay SOURCE --since 1d`. {known_sources()}"
        raise OperationError("name the source", hint=hint)
    selection = Selection(
        source=options.source,
        since=options.since,
        until=options.until,
        delivery_id=options.delivery_id,
        where=options.where,
        to=options.to,
    )
    run_id = options.resume or new_id(datetime.now(UTC))
    return Run(run_id, "replay", options.stack, selection, options.rate)


def resume_command(run: Run) -> str:
    """The command that continues a run."""
    command = ["inlet", "replay", run.selection.source] if run.kind == "replay" else []
    command = command or ["inlet", "failed", "replay"]
    return shlex.join([*command, "--resume", run.run_id, "--stack", run.stack])


def _announce(
    screen: Screen, configuration: Configuration, routing: Routing, run: Run, *, dry_run: bool
) -> None:
    name = run.selection.source
    if not dry_run:
        screen.print(Text(f"Replay {run.run_id} of {name} at {run.rate:g} per second."))
    if configuration.is_paused(routing.source, run.selection.to):
        screen.print(
            Text(f"{name} is paused: what is sent waits in the buffer until it is resumed.")
        )


@contextmanager
def interruptible(command: str, *, dry_run: bool) -> Iterator[None]:
    """Name the command that continues after Ctrl-C or an error of AWS."""
    hint = "Nothing was changed." if dry_run else f"It continues with: {command}"
    try:
        yield
    except KeyboardInterrupt:
        raise OperationError("the replay was interrupted", hint=hint) from None
    except OperationError as exc:
        raise OperationError(str(exc), hint=f"{exc.hint} {hint}".strip()) from exc
    except BotoCoreError as exc:
        found = unreachable(exc)
        raise OperationError(str(found), hint=f"{found.hint} {hint}") from exc
    except ClientError as exc:
        raise OperationError(rejection(exc), hint=hint) from exc


def _follow(screen: Screen, each: Replay, *, hidden: bool) -> None:
    with screen.progress("Replaying", hidden=hidden) as update:
        total, done = each.total(), 0
        for settled in each.steps():
            done += settled
            update(done, total, f"{done} of {total} webhooks")


def _tell_expired(screen: Screen, run: Run, days: int) -> None:
    """Say if a part of the selected time is older than what is kept."""
    since, oldest = run.selection.since, run.started_at - timedelta(days=days)
    if days and since and since < oldest:
        screen.print(
            Text(
                f"Bodies are kept for {days} days: webhooks received before"
                f" {oldest:%Y-%m-%d %H:%M} UTC may have expired, and are not sent."
            )
        )


def _tell_nothing(screen: Screen, source: str, selection: Selection, found: Replay) -> None:
    """Say that no body of the selected time is kept."""
    tally = found.tally
    if tally.webhooks or tally.outcomes or tally.failed or selection.delivery_id:
        return
    screen.print(
        Text(
            f"No body of {source} is kept of this time. `inlet deliveries {source}` lists what"
            " arrived."
        )
    )


def _require_something(
    deployed: Deployed, configured: Source, selection: Selection, found: Replay
) -> None:
    """Raise OperationError if nothing was found, with the reason."""
    if found.tally.webhooks or found.tally.outcomes:
        return
    source, days = configured.name, configured.keep_bodies
    if selection.delivery_id:
        refuse_other_source(deployed, source, selection.delivery_id)
    if not days:
        raise OperationError(
            f"{source} keeps no bodies, so none of its webhooks can be sent again",
            hint="`KeepBodies: 30` keeps those that it receives from then on.",
        )
    if name := selection.delivery_id:
        unread = found.unsearched
        damaged = f", or it is among those that cannot be read: {unread}" if unread else ""
        whole = f"--id takes a whole ID, as `inlet deliveries {source}` lists them."
        kept = f" Bodies are kept for {days} days. `inlet why` shows what became of it."
        meant = meant_by(name, found.similar)
        raise OperationError(
            f"no webhook {name} of {source} is kept{damaged}{meant}",
            hint=whole + ("" if meant else kept),
        )
