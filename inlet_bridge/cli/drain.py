"""Drain the queues of a deleted stack."""

from collections import Counter

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.queues.drain import Drain, Outcome
from inlet_bridge.operations.queues.retained_queue import RetainedQueue, queue_url


def drain(queue: str, records: str, stack: str, *, dry_run: bool) -> bool:
    """Drain a queue and print what was moved; return whether nothing stays."""
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        source = RetainedQueue(deployed.sqs, queue_url(deployed.sqs, queue))
        source.check(deployed)
        _warn_of_another_stack(screen, queue, stack)
        visible, _ = source.depth()
        counts: Counter[Outcome] = Counter()
        outcomes = Drain(deployed, source, records).run(dry_run=dry_run)
        for outcome in screen.track(outcomes, "Moving messages", visible):
            counts[outcome] += 1
        _, hidden = source.depth()
        _show(screen, counts, hidden, dry_run=dry_run)
        return not (counts[Outcome.STAYS] or counts[Outcome.EVENT] or hidden)


def _warn_of_another_stack(screen: Screen, queue: str, stack: str) -> None:
    """Such as one of production, whose webhooks the default stack would send to its own dataset."""
    name = queue.rpartition("/")[2]
    if not name.startswith(f"{stack}-"):
        warning = f"{name} is not named after {stack}, whose sources its messages will use."
        screen.print(Text(warning, style="yellow"))


def _show(screen: Screen, counts: Counter[Outcome], hidden: int, *, dry_run: bool) -> None:
    moved, settled, foreign, events = (counts[outcome] for outcome in Outcome)
    done = "would be moved" if dry_run else "moved"
    screen.print(Text(f"{moved} {done}, {settled} already delivered, {foreign + events} stay."))
    if foreign:
        screen.print(Text(f"Of what stays, no message of the bridge: {foreign}.", style="yellow"))
    if events:
        screen.print(
            Text(
                f"Of what stays, events: {events}. The stage must have one queue of events. Deploy"
                " sources.yaml with EventSourceName, or delete the other stacks with one, and run"
                " the command again.",
                style="yellow",
            )
        )
    if hidden:
        screen.print(
            Text(
                f"{hidden} are not visible yet; run the command again in 15 minutes.",
                style="yellow",
            )
        )
    if dry_run:
        screen.print(Text("Nothing was changed."))
