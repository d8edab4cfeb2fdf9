"""What becomes of stored sources, messages, dead letters and kept bodies."""

import json
from collections import Counter
from typing import Any

from tests.compatibility.installation import Installation
from tests.compatibility.snapshots import REQUESTS, Snapshot

# More than any message waits between two attempts, and than a flow settles.
_HOURS = 2
# Each day takes 16 queries, of 10 ms each with moto.
_LATELY = "4h"


def received(opened: Installation, snapshot: Snapshot) -> dict[str, Any]:
    """The response to each webhook: a known one, and a new one of each source."""
    requests = snapshot.read(REQUESTS)
    repeated = {each["source"]: _answer(opened, each["event"]) for each in requests["repeated"]}
    again = messages(opened)
    new = {each["source"]: _answer(opened, each["event"]) for each in requests["new"]}
    return {
        "repeated": repeated,
        "sent again": again,
        "new": new,
        "inlet": messages(opened),
        # The stored one is used.
        "new tokens": opened.cloud.adobe.ims.minted,
    }


def forwarded(opened: Installation, _: Snapshot) -> dict[str, Any]:
    """What reaches the inlet of the buffer and the queue of events, and what does not."""
    waiting = len(opened.cloud.buffered())
    resume(opened)
    opened.take_events()
    forward_all(opened)
    return {"waited": bool(waiting), **outcome(opened)}


def redriven(opened: Installation, _: Snapshot) -> dict[str, Any]:
    """What reaches the inlet of the dead letters once more."""
    resume(opened)
    forward_all(opened)
    before = len(opened.cloud.adobe.ledger.received)
    listed = dead_letters(opened)
    status, _output = opened.command("dead-letters", "redrive")
    opened.take_events()
    forward_all(opened)
    return {"listed": listed, "status": status, **outcome(opened, before)}


def replayed(opened: Installation, _: Snapshot) -> dict[str, Any]:
    """What the kept bodies become when they are sent again."""
    done = {}
    for source in ("github", "private", "split", "paused"):
        status, output = opened.command("replay", source, "--since", _LATELY, "--json")
        done[source] = {"status": status, "tally": json.loads(output)["outcomes"]}
    to_another = opened.command("replay", "github", "--since", _LATELY, "--to", "raw/events")
    failed = opened.command("failed", "replay")
    resume(opened)
    forward_all(opened)
    return {"replays": done, "statuses": [to_another[0], failed[0]], **outcome(opened)}


def resume(opened: Installation) -> None:
    """End the pauses of the samples."""
    for given in (("paused",), ("--connection", "adopted")):
        status, output = opened.command("resume", *given)
        assert status == 0, output


def forward_all(opened: Installation) -> None:
    """Forward until nothing waits."""
    for _ in range(4):
        opened.pass_time(hours=_HOURS)
        opened.forward()


def outcome(opened: Installation, first: int = 0) -> dict[str, Any]:
    """What is at the inlet from a position on, the states of all deliveries, and what is left."""
    records = opened.cloud.records()
    letters = opened.json_of("dead-letters", "list")["dead_letters"]
    return {
        "inlet": messages(opened, first),
        "states": {
            source: dict(sorted(states.items())) for source, states in sorted(_states(records))
        },
        "buffer": sorted(each.delivery_id for each in opened.cloud.buffered()),
        "dead": sorted(f"{each['class']}: {each['reason']}" for each in letters),
    }


def dead_letters(opened: Installation) -> list[dict[str, Any]]:
    """The dead letters; those of the same second are in any order."""
    letters = opened.json_of("dead-letters", "list")["dead_letters"]
    for each in letters:
        if each["class"] == "undelivered":
            del each["died_at"]  # SQS moved it: its time of today.
    return sorted(letters, key=str)


def messages(opened: Installation, first: int = 0) -> list[list[Any]]:
    """Flow, whether with a token, and bytes of each message, in the order of the bytes."""
    found = opened.cloud.adobe.ledger.received[first:]
    texts = ([each.flow_id, each.authenticated, each.content.decode()] for each in found)
    return sorted(texts, key=lambda each: (str(each[2]), str(each[0])))


def _states(records: list[dict[str, str]]) -> Any:
    found: dict[str, Counter[str]] = {}
    for record in records:
        if "state" in record:
            found.setdefault(record["source"], Counter())[record["state"]] += 1
    return found.items()


def _answer(opened: Installation, event: dict[str, Any]) -> dict[str, Any]:
    response = opened.cloud.receive(event)
    return {"status": response.status, "body": response.body}
