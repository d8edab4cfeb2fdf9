"""Every webhook is delivered exactly once despite concurrency and killed functions."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from bridge.delivery.delivery import Delivery
from inlet_bridge.local.scenario import Webhook
from inlet_bridge.local.verdict import Message
from tests.support.deployment import Deployment
from tests.support.waiting import eventually

TWINS = 100
# Each additional concurrent request is one more cold start on the cores of this machine.
AT_ONCE = 3
# Each kill causes a cold start as well.
KILL_AFTER = 6


def test_hundred_identical_webhooks_become_one_message(deployment: Deployment) -> None:
    """One is accepted; the others get its response or a 503."""
    webhook = deployment.new_webhook()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        outcomes = list(pool.map(lambda _: deployment.bridge.api.send(webhook), range(TWINS)))
    # On a busy machine, the first one may have been buffered.
    assert eventually(lambda: deployment.bridge.api.send(webhook).status == 200)
    again = deployment.bridge.api.send(webhook)

    assert {outcome.status for outcome in outcomes} <= {200, 202, 503}
    taken = {outcome.xaction_id for outcome in outcomes if outcome.status == 200}
    assert taken <= {again.xaction_id}
    assert copies(deployment, webhook.sample.body) == 1


def test_buffered_webhooks_are_delivered_once(deployment: Deployment) -> None:
    """Many receivers buffer them concurrently; they are forwarded in batches."""
    deployment.inlet_answers(503, times=10)
    webhooks = [deployment.new_webhook() for _ in range(10)]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        outcomes = list(pool.map(deployment.bridge.api.send, webhooks))

    assert {outcome.status for outcome in outcomes} <= {200, 202}
    assert eventually(lambda: all(copies(deployment, webhook.sample.body) for webhook in webhooks))
    assert [copies(deployment, webhook.sample.body) for webhook in webhooks] == [1] * 10


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_killed_receivers_lose_nothing(deployment: Deployment) -> None:
    """SIGKILL at any moment; senders retry."""
    webhooks = [deployment.new_webhook() for _ in range(24)]
    taken: list[Webhook] = []

    def send(webhook: Webhook) -> None:
        assert eventually(lambda: is_accepted(deployment, webhook))
        taken.append(webhook)

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        kills = pool.submit(kill_receivers, deployment, lambda: len(taken), len(webhooks))
        list(pool.map(send, webhooks))

    assert kills.result() >= 4
    assert eventually(lambda: all(copies(deployment, webhook.sample.body) for webhook in webhooks))
    doubled = [w for w in webhooks if copies(deployment, w.sample.body) > 1]
    assert len(doubled) <= kills.result()


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_killed_forwarders_lose_nothing(deployment: Deployment) -> None:
    """SIGKILL in the middle of a batch; its messages become visible again."""
    queue = deployment.bridge.stack.resources["Buffer"]
    sqs = deployment.client("sqs")
    bodies = [deployment.new_webhook().sample.body for _ in range(60)]
    with set_visibility_timeout(sqs, queue, seconds=3):
        for number, body in enumerate(bodies):
            sqs.send_message(QueueUrl=queue, MessageBody=waiting(number, body).encode())
            if number % 10 == 9:
                assert kill(deployment, "forwarder")
        arrived = eventually(lambda: all(copies(deployment, body) for body in bodies))

    assert arrived
    # Duplicates were in the inlet when the forwarder was killed: at most one batch each.
    assert all(copies(deployment, body) <= 1 + len(bodies) // 10 for body in bodies)


@contextmanager
def set_visibility_timeout(sqs: Any, queue: str, seconds: int) -> Iterator[None]:
    """Set the visibility timeout, which delays the messages of a killed function."""
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])
    before = attributes["Attributes"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": str(seconds)})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=before)


def waiting(number: int, body: bytes) -> Delivery:
    """Return a message as a receiver would have buffered it."""
    now = datetime.now(UTC)
    return Delivery(
        "github", f"killed-{number}", f"id:killed-{number}", "push", "events", now, now, body
    )


def kill(deployment: Deployment, function: str) -> bool:
    """Kill the processes of a function once there are some, and return whether one was killed.

    One that is seen may have ended before it is killed: then the next one is waited for.
    """
    return eventually(lambda: kill_now(deployment, function), every=0.02)


def kill_now(deployment: Deployment, function: str) -> bool:
    """Kill the processes that a function has now, and return whether there was one."""
    killed = False
    for pid in deployment.workers(function):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed = True
    return killed


def is_accepted(deployment: Deployment, webhook: Webhook) -> bool:
    """Send once, and return whether the webhook is acknowledged."""
    try:
        return deployment.bridge.api.send(webhook).status in {200, 202}
    except requests.RequestException:
        return False


def kill_receivers(deployment: Deployment, taken: Callable[[], int], end: int) -> int:
    """Kill the receiver's processes after every few webhooks, and return their number."""
    killed = 0
    for number in range(0, end, KILL_AFTER):
        eventually(partial(_more_than, taken, number))
        for pid in deployment.workers("receiver"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed


def _more_than(taken: Callable[[], int], number: int) -> bool:
    return taken() > number


def copies(deployment: Deployment, body: bytes) -> int:
    """Return how often a body is in the inlet."""
    received = map(Message.from_ledger, deployment.bridge.adobe.ledger()["received"])
    return sum(message.carries(body) for message in received)
