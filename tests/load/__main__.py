"""`python -m tests.load`: many messages through the buffer of a bridge deployed on this machine."""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import requests

from bridge.delivery.delivery import Delivery
from inlet_bridge.local.verdict import Message
from tests.support.deployment import Deployment, deployed

_FLOW = "events"
_SOURCE = "github"
# Entries that SendMessageBatch takes (Amazon SQS API reference).
_ENTRIES = 10
_GIVE_UP_AFTER_SECONDS = 120


def main() -> int:
    """Fill the buffer, wait until it is empty, compare both sides, and give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    wanted = parser.parse_args().messages
    with tempfile.TemporaryDirectory() as folder, deployed(Path(folder)) as deployment:
        print(f"deployed; {wanted:,} messages go into the buffer", flush=True)
        began = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            filling = pool.submit(fill, deployment, wanted)
            most = watch(deployment, wanted, began)
            filling.result()
        seconds = time.monotonic() - began
        return compare(deployment, wanted, seconds, most)


def fill(deployment: Deployment, count: int) -> None:
    """Put deliveries into the buffer as the receiver writes them."""
    queue = deployment.client("sqs")
    url = deployment.bridge.stack.resources["Buffer"]
    for first in range(0, count, _ENTRIES):
        entries = [
            {"Id": str(number), "MessageBody": delivery(number).encode()}
            for number in range(first, min(first + _ENTRIES, count))
        ]
        answer = queue.send_message_batch(QueueUrl=url, Entries=entries)
        assert not answer.get("Failed"), answer["Failed"]


def delivery(number: int) -> Delivery:
    """A webhook that was verified."""
    now = datetime.now(UTC)
    return Delivery(
        source=_SOURCE,
        delivery_id=f"load-{number}",
        key=f"id:load-{number}",
        event_type="push",
        flow=_FLOW,
        received_at=now,
        buffered_at=now,
        body=b'{"number": %d, "note": "%s"}' % (number, b"x" * 900),
    )


def watch(deployment: Deployment, wanted: int, began: float) -> Counter[str]:
    """Show how far it is until all is delivered; the most memory that each function took, in kB."""
    most: Counter[str] = Counter()
    received, changed = 0, time.monotonic()
    while received < wanted and time.monotonic() - changed < _GIVE_UP_AFTER_SECONDS:
        time.sleep(5)
        now = count_received(deployment)
        if now > received:
            received, changed = now, time.monotonic()
        for pid in deployment.workers("forwarder"):
            most["forwarder"] = max(most["forwarder"], resident(pid))
        rate = received / (time.monotonic() - began)
        print(f"  {received:>9,} delivered, {rate:5.0f}/s", flush=True)
    return most


def count_received(deployment: Deployment) -> int:
    """How many messages the inlet has."""
    url = f"{deployment.bridge.adobe.emulator}/_emulator/state"
    return int(requests.get(url, timeout=30).json()["received"])


def resident(pid: int) -> int:
    """The most memory that a process had, in kB; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0
    )


def compare(deployment: Deployment, wanted: int, seconds: float, most: Counter[str]) -> int:
    """Print what arrived; 0 when it is everything, once."""
    received = Counter(
        json.loads(Message.from_ledger(each).content)["body"]["xdmEntity"]["number"]
        for each in deployment.bridge.adobe.ledger()["received"]
    )
    missing = wanted - len(received.keys() & set(range(wanted)))
    doubled = sum(times > 1 for times in received.values())
    states = Counter(record.state for record in deployment.bridge.deliveries.records().values())
    print(
        f"{wanted:,} messages in {seconds:,.0f} s: {missing:,} missing, {doubled:,} doubled; "
        f"recorded {dict(states)}; forwarder at most {most['forwarder'] / 1024:.0f} MB"
    )
    return 1 if missing or doubled else 0


if __name__ == "__main__":
    sys.exit(main())
