"""Send the webhooks of a script through the deployed bridge and check the results."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from inlet_bridge.local.delivery import Outcome
from inlet_bridge.local.deployment import Bridge
from inlet_bridge.local.polling import wait_until
from inlet_bridge.local.scenario import Script, Webhook
from inlet_bridge.local.verdict import Message, Observations, Verdict, check_run, check_webhooks

_ARRIVAL_SECONDS = 300.0

type Advance = Callable[[str], None]
"""Reports the progress of a step."""

type Stage = Callable[[str], AbstractContextManager[Advance]]
"""A step that reports progress."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a run.

    Attributes:
        faults: failed checks that concern no single webhook.
    """

    verdicts: tuple[Verdict, ...]
    observations: Observations
    faults: tuple[str, ...]

    @property
    def held(self) -> bool:
        """Whether all checks passed."""
        return not self.faults and not any(verdict.faults for verdict in self.verdicts)


def run_script(
    bridge: Bridge,
    script: Script,
    stage: Stage,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Result:
    """Send all webhooks, wait for their arrival and check the results."""
    chain = bridge.chain()
    outcomes: list[Outcome] = []
    with stage("Sending webhooks while the new flow settles") as advance:
        outcomes += _send(bridge, script.while_settling, advance)
    left = (chain.ready_at - clock()).total_seconds()
    with stage("Waiting until the flow has settled and the buffer is empty"):
        wait_until(lambda: clock() >= chain.ready_at, max(left, 0))
        _wait_for_arrival(bridge, outcomes)
    with stage("Sending webhooks to the settled flow") as advance:
        outcomes += _send(bridge, script.settled, advance)
    with stage("Sending two of them again"):
        _wait_for_arrival(bridge, outcomes)  # Only then is the response to the first one known.
        outcomes += _send(bridge, script.again, lambda _: None)
    with stage("Comparing what was promised with what reached the inlet"):
        _wait_for_arrival(bridge, outcomes)
        observations = _observe(bridge)
    return Result(
        tuple(check_webhooks(outcomes, observations)),
        observations,
        tuple(check_run(outcomes, observations)),
    )


def _send(bridge: Bridge, webhooks: Iterable[Webhook], advance: Advance) -> list[Outcome]:
    outcomes = []
    for webhook in webhooks:
        advance(f"{webhook.sample.name}, {webhook.variation}")
        outcomes.append(bridge.api.send(webhook))
    return outcomes


def _wait_for_arrival(bridge: Bridge, outcomes: Iterable[Outcome]) -> None:
    """Wait until nothing is in progress; the checks report missing messages."""
    taken = {(o.webhook.source, o.delivery_id) for o in outcomes if o.delivery_id}

    def arrived() -> bool:
        records = bridge.deliveries.records()
        settled = ("delivered", "dead", "failed")
        return all(key in records and records[key].state in settled for key in taken)

    wait_until(arrived, _ARRIVAL_SECONDS)


def _observe(bridge: Bridge) -> Observations:
    ledger = bridge.adobe.ledger() if bridge.adobe.emulator else None
    return Observations(
        chain=bridge.chain(),
        records=bridge.deliveries.records(),
        received=[Message.from_ledger(entry) for entry in ledger["received"]] if ledger else None,
        lost=len(ledger["lost"]) if ledger else 0,
    )
