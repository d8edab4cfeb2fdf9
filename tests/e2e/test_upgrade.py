"""An upgrade and its rollback keep what waits, dead letters and records."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.local.delivery import Outcome
from inlet_bridge.local.stack import STACK
from inlet_bridge.local.verdict import Message
from tests.support.deployment import Deployment, deployed
from tests.support.release import Release
from tests.support.waiting import eventually

# The receiver and the forwarder load this module.
CLAIM = Path("BridgeLayer/python/bridge/delivery/claim.py")
POISON = "poison"
# Seconds. Without it, the backoff of a message grows with the duration of the deployments, up to an
# hour, and so does the time until the last message is sent.
RETRY_AFTER = 50


@pytest.fixture
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    with deployed(tmp_path_factory.mktemp("upgrade")) as deployment:
        yield Release(deployment)


def test_upgrade_and_rollback_lose_nothing_and_send_nothing_twice(release: Release) -> None:
    """What waits or is dead at each change of the version is sent by the next version, once."""
    deployment = release.deployment
    first = release.serving()
    delivered = [delivered_webhook(deployment) for _ in range(3)]
    dead = dead_letters(deployment, 3)
    hold(deployment)
    waiting = [deployment.send() for _ in range(10)]

    done, reasons, during_upgrade = release.deploy_under_load(
        CLAIM, "CLAIM_LIFETIME: ", "LATER_VERSION = 1\nCLAIM_LIFETIME: ", RecordDays="20"
    )
    assert done, reasons
    assert release.serving() != first
    sent_by_upgraded = forwarded_once(deployment, waiting + during_upgrade, dead)
    assert_repetitions_are_recognized(deployment, delivered, sent_by_upgraded)

    delivered.append(delivered_webhook(deployment))
    dead = dead_letters(deployment, 3)
    hold(deployment)
    waiting = [deployment.send() for _ in range(3)]
    upgraded = release.serving()
    done, reasons, during_rollback = release.deploy_built_under_load()
    assert done, reasons
    assert release.serving() != upgraded
    sent_by_first = forwarded_once(deployment, waiting + during_rollback, dead)
    assert_repetitions_are_recognized(deployment, delivered, sent_by_upgraded + sent_by_first)
    everything = delivered + sent_by_upgraded + sent_by_first
    assert received(deployment, everything) == [1] * len(everything)
    assert eventually(lambda: states(deployment) <= {"delivered", "filtered"})


def hold(deployment: Deployment) -> None:
    """Let the inlet accept nothing until `forwarded_once`."""
    deployment.inlet_answers(503, times=100_000, retry_after=RETRY_AFTER)
    deployment.inlet_answers(503, times=100_000, batches=True, retry_after=RETRY_AFTER)


def forwarded_once(
    deployment: Deployment, waiting: list[Outcome], dead: list[Outcome]
) -> list[Outcome]:
    """Let the inlet accept what waits and what is dead; return both when each was sent once."""
    assert {outcome.status for outcome in waiting} == {202}
    everything = waiting + dead
    assert received(deployment, everything) == [0] * len(everything)
    deployment.clear_faults()
    redrive(deployment)
    assert eventually(lambda: all(received(deployment, everything)))
    assert received(deployment, everything) == [1] * len(everything)
    return everything


def assert_repetitions_are_recognized(
    deployment: Deployment, delivered: list[Outcome], forwarded: list[Outcome]
) -> None:
    """Send everything again: nothing reaches the inlet a second time."""
    for outcome in delivered:
        again = deployment.bridge.api.send(outcome.webhook)
        assert (again.status, again.xaction_id) == (200, outcome.xaction_id)
    for outcome in forwarded:
        # Its record may still say that it is buffered.
        assert deployment.bridge.api.send(outcome.webhook).status in {200, 202}
    everything = delivered + forwarded
    assert received(deployment, everything) == [1] * len(everything)


def delivered_webhook(deployment: Deployment) -> Outcome:
    """Send a webhook until the response has the id that the inlet gave it."""
    webhook = deployment.new_webhook()
    assert eventually(lambda: deployment.bridge.api.send(webhook).status == 200)
    return deployment.bridge.api.send(webhook)


def dead_letters(deployment: Deployment, number: int) -> list[Outcome]:
    """Send webhooks that the inlet rejects; return when they are dead letters."""
    deployment.inlet_refuses(POISON)
    outcomes = [deployment.bridge.api.send(deployment.new_webhook(POISON)) for _ in range(number)]
    assert {outcome.status for outcome in outcomes} == {202}
    records = deployment.bridge.deliveries.records

    def all_are_dead() -> bool:
        return [each.state for each in records().values()].count("dead") == number

    assert eventually(all_are_dead)
    return outcomes


def states(deployment: Deployment) -> set[str]:
    """The states of all records; what the preflight sent is filtered."""
    return {each.state for each in deployment.bridge.deliveries.records().values()}


def redrive(deployment: Deployment) -> None:
    environ = deployment.bridge.stack.cloud.environ()
    arguments = ["dead-letters", "redrive", "--stack", STACK]
    ended = CliRunner().invoke(app, arguments, env=environ)
    assert ended.exit_code == 0, ended.output


def received(deployment: Deployment, outcomes: Iterable[Outcome]) -> list[int]:
    """How often each webhook is in the inlet."""
    messages = [*map(Message.from_ledger, deployment.bridge.adobe.ledger()["received"])]
    return [sum(each.carries(outcome.body) for each in messages) for outcome in outcomes]
