"""The summary of a replay: what was sent, what was not, and the way out."""

from typing import Any, Final

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.replay.outcomes import FAILURES, Outcome, Tally
from inlet_bridge.operations.replay.run import Run
from inlet_bridge.plain_text import plain_json

_SHOWN_REASONS: Final = 5
_MEANING: Final = {
    Outcome.DONE: "were sent already since this replay began.",
    Outcome.WAITING: "wait in the buffer already, and are sent by today's routes.",
    Outcome.REPEATED: "were received again; only the last receipt is sent.",
    Outcome.FILTERED: "match no route, and the source says `Otherwise: drop`.",
    Outcome.ERASED: "were erased.",
    Outcome.CLAIMED: "are being received; run the command again in a minute.",
    Outcome.NO_ROUTE: "match no route; add one, or name a flow with --to.",
    Outcome.UNREADABLE: "cannot be read by the settings of the source, see its Body and Charset,"
    " or what is kept is damaged.",
    Outcome.UNMAPPED: "do not fit the Map or a schema; `inlet map` shows the message of a sample.",
    Outcome.UNKEPT: "are not kept, or not any more; Adobe has a copy of a failed batch for 30 days:"
    " `inlet ingested --batch BATCH --save FILE`.",
    Outcome.UNROUTED: "have no route to the flow that they were sent to; name one with --to.",
    Outcome.CHANGED: "kept changing; run the command again.",
}


def show_summary(screen: Screen, run: Run, tally: Tally, *, dry_run: bool, as_json: bool) -> None:
    """Print the counts of a run."""
    if as_json:
        screen.write(plain_json(summary(run, tally, dry_run=dry_run)) + "\n")
        return
    done = "would be sent again" if dry_run else "sent to the buffer again"
    of = f" of {tally.webhooks} webhooks" if run.kind == "replay" else ""
    screen.print(Text(f"{tally.outcomes[Outcome.SENT]} deliveries{of} {done}."))
    if tally.excluded:
        screen.print(Text(f"{tally.excluded} webhooks are excluded by --where."))
    for outcome, meaning in _MEANING.items():
        if times := tally.outcomes[outcome]:
            style = "yellow" if outcome in FAILURES else ""
            screen.print(Text(f"{times} {meaning}", style=style))
    for reason, times in tally.reasons.most_common(_SHOWN_REASONS):
        screen.print(Text(f"  {times} × {reason}", style="dim"))
    if (more := len(tally.reasons) - _SHOWN_REASONS) > 0:
        screen.print(Text(f"  and {more} other reasons; see --json.", style="dim"))
    if dry_run:
        screen.print(Text("Nothing was changed."))


def summary(run: Run, tally: Tally, *, dry_run: bool) -> dict[str, Any]:
    """The counts as JSON."""
    return {
        "id": run.run_id,
        "dry_run": dry_run,
        "webhooks": tally.webhooks,
        "excluded": tally.excluded,
        "outcomes": {outcome.value: tally.outcomes[outcome] for outcome in Outcome},
        "reasons": dict(tally.reasons.most_common()),
    }
