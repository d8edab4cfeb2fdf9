"""List, replay and drop failed records."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import typer

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.failed_details import UNCHANGED
from inlet_bridge.cli.failed_tables import failed_json, failed_table, reasons_table
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.paging import Page
from inlet_bridge.cli.questions import confirm_permanent
from inlet_bridge.cli.replay import interruptible, resume_command, sending_of
from inlet_bridge.cli.replay_summary import show_summary
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.cli.unknown_records import unknown_record
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.configuration.known_sources import refuse_source, require_source
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.failed import FailedFilter, FailedList, FailedRecords
from inlet_bridge.operations.replay.failed_replay import FailedReplay, still_failed
from inlet_bridge.operations.replay.run import Run, RunFiles, Selection, new_id
from inlet_bridge.plain_text import plain_json

_SHOWN = 50
_MEANING = (
    " They are what Adobe rejected after the inlet had accepted it; `inlet dead-letters list` has"
    " what the inlet did not accept."
)
_MOST_REASONS = 5


def show_list(selection: FailedFilter, stack: str, page: Page, *, as_json: bool) -> None:
    """Print a page of failed records, and the counts of all by reason."""
    with report_operation_errors() as screen:
        found = _listed(screen, stack, selection, page.end)
        shown, more = page.of(found.newest)
        if as_json:
            if selection.source and not found.total:
                require_source(Deployed(stack), selection.source)
            document = failed_json(replace(found, newest=shown))
            document["next_page"] = page.next(more=more)
            screen.write(plain_json(document) + "\n")
            return
        if not found.total:
            _nothing(screen, selection, stack)
            return
        screen.print(failed_table(shown), reasons_table(found.reasons))
        if more:
            screen.print(Text(f"There are more: --page {page.number + 1}", style="dim"))


def replay(
    selection: FailedFilter, stack: str, *, rate: float, dry_run: bool, resume: str, as_json: bool
) -> bool:
    """Send the selected records again; return whether all could be sent."""
    with report_operation_errors() as screen:
        files = None if dry_run else RunFiles()
        run = _run(selection, stack, rate, files, resume)
        deployed = Deployed(run.stack)
        records = FailedRecords(deployed)
        wanted = _filter_of(run.selection)
        total = sum(1 for _ in records.matching(wanted))
        if not total and not run.pending:
            _nothing(screen, wanted, stack, run, as_json=as_json)
            if files:
                files.delete(run)
            return True
        each = FailedReplay(
            run,
            records,
            KeptBodies(deployed),
            Configuration(deployed),
            sending_of(deployed, run, still_failed(run), dry_run=dry_run),
            files,
        )
        if files and not as_json:
            _announce(screen, files, run)
        with (
            interruptible(resume_command(run), dry_run=dry_run),
            screen.progress("Replaying", hidden=as_json) as update,
        ):
            done = 0
            for looked_at in each.steps():
                done += looked_at
                update(done, total, "")
        show_summary(screen, run, each.tally, dry_run=dry_run, as_json=as_json)
        for source, number in each.unchanged.items() if not as_json else ():
            text = f"{number} of {source} become what Adobe rejected: {UNCHANGED.format(source)}"
            screen.print(Text(text, style="yellow"))
        return not each.tally.failed


def drop(selection: FailedFilter, stack: str, *, dry_run: bool, confirmed: bool) -> None:
    """Close the selected records after confirmation."""
    with report_operation_errors() as screen:
        found = _listed(screen, stack, selection, _SHOWN)
        if not found.total:
            _nothing(screen, selection, stack)
            return
        _show(screen, found)
        if dry_run:
            screen.print(Text("Nothing was changed."))
            return
        question = f"Close {found.total} failed records, so that nobody sends them again?"
        if not confirmed and not confirm_permanent(screen, question):
            raise typer.Abort
        closed = Counter(FailedRecords(Deployed(stack)).drop(selection))
        screen.print(Text(f"{closed[True]} failed records were closed."))
        if closed[False]:
            screen.print(Text(f"{closed[False]} were sent or closed meanwhile."))


def _listed(screen: Screen, stack: str, selection: FailedFilter, limit: int) -> FailedList:
    with screen.search("Reading the failed records"):
        return FailedRecords(Deployed(stack)).listed(selection, limit)


def _show(screen: Screen, found: FailedList) -> None:
    if not found.total:
        screen.print(Text("There are no such failed records."))
        return
    screen.print(failed_table(found.newest), reasons_table(found.reasons))
    if more := found.total - len(found.newest):
        screen.print(Text(f"{more} more; `inlet failed list` shows them.", style="dim"))


def _nothing(
    screen: Screen,
    selection: FailedFilter,
    stack: str,
    run: Run | None = None,
    *,
    as_json: bool = False,
) -> None:
    """Say that nothing is selected; one that is named must exist."""
    if selection.source:
        require_source(Deployed(stack), selection.source)
    if name := selection.delivery_id:
        way_out = f"Select those of a source with --source {name}."
        refuse_source(Deployed(stack), name, way_out)
        raise unknown_record(FailedRecords(Deployed(stack)), selection)
    if run and as_json:
        show_summary(screen, run, run.tally, dry_run=False, as_json=True)
    else:
        screen.print(Text(f"There are no such failed records.{_reasons(stack, selection)}"))


def _reasons(stack: str, selection: FailedFilter) -> str:
    """The reasons of the records that are selected apart from their reason; sentences.

    Without any, what failed records are.
    """
    if not selection.reason:
        return _MEANING
    found = FailedRecords(Deployed(stack)).listed(replace(selection, reason=""), 1)
    named: Counter[str] = Counter()
    for (_, reason), number in found.reasons.items():
        named[reason] += number
    if not named:
        return f" Nothing is failed, whatever its reason.{_MEANING}"
    most = named.most_common(_MOST_REASONS)
    return f" The reasons are: {'; '.join(f'{reason} ({number})' for reason, number in most)}."


def _announce(screen: Screen, files: RunFiles, run: Run) -> None:
    screen.print(Text(f"Replay {run.run_id} of failed records at {run.rate:g} per second."))
    for other in files.unfinished("failed", run.stack):
        if other.run_id != run.run_id and other.pending:
            screen.print(Text(f"An earlier one was interrupted; then run: {resume_command(other)}"))


def _run(
    selection: FailedFilter, stack: str, rate: float, files: RunFiles | None, resume: str
) -> Run:
    """A new run, or the one to be resumed. Raises OperationError."""
    if resume:
        saved = files.load(resume) if files else None
        if saved and saved.kind == "failed":
            return saved
        raise OperationError(
            f"this machine has no replay {resume} of failed records that was interrupted",
            hint="Run the command without --resume: it sends what is still failed.",
        )
    chosen = Selection(
        source=selection.source,
        since=selection.since,
        delivery_id=selection.delivery_id,
        reason=selection.reason,
    )
    return Run(new_id(datetime.now(UTC)), "failed", stack, chosen, rate)


def _filter_of(selection: Selection) -> FailedFilter:
    return FailedFilter(selection.source, selection.since, selection.reason, selection.delivery_id)
