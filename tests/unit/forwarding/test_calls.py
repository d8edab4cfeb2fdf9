"""The work for each message of a batch, in calls, whose number no other load changes."""

import sys
from collections.abc import Callable
from types import FrameType

from bridge.adapters.aws.sqs_records import waiting
from bridge.messages.envelope import envelope_bytes
from tests.support.fakes import NOON, items
from tests.support.forwarder_harness import harness, queued

# 143 on 28 November 2026, 157 since XDM messages are searched for empty values, 122 since most are
# searched as bytes and decoded with fewer calls, and 99 since what the messages of a source have
# in common is found once. 88 since a batch asks once whether a source is paused.
MOST_CALLS_PER_MESSAGE = 90


def calls_of(work: Callable[[], object]) -> int:
    """Count calls of functions, in Python and in C."""
    counted = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    previous = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(previous)
    return counted


def forwarded(count: int) -> int:
    """The calls for a batch with this many messages."""
    # Its keys are those of an earlier harness, which are equal and not identical.
    envelope_bytes.cache_clear()
    here = harness(None, items(*({"xactionId": f"1:2:3:{n}", "status": 200} for n in range(count))))
    records = [
        {
            "messageId": message.message_id,
            "receiptHandle": message.receipt,
            "body": message.text,
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": str(int(NOON.timestamp() * 1_000)),
            },
        }
        for message in map(queued, range(count))
    ]
    return calls_of(lambda: here.forwarder.forward([waiting(record) for record in records]))


def test_message_of_a_batch_takes_a_bounded_number_of_calls() -> None:
    forwarded(1)  # Fills caches.

    per_message = (forwarded(120) - forwarded(20)) / 100
    assert per_message <= MOST_CALLS_PER_MESSAGE
