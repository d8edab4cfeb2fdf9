"""Send the webhooks of a script through the deployed bridge and check the results."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from inlet_bridge.local.balance import balance_of
from inlet_bridge.local.delivery import Outcome
from inlet_bridge.local.deployment import Bridge
from inlet_bridge.local.polling import wait_until
from inlet_bridge.local.scenario import Script, Webhook
from inlet_bridge.local.verdict import (
    Message,
    Observations,
    Verdict,
    accepted_deliveries,
    check_run,
    check_webhooks,
)

_ARRIVAL_SECONDS = 300.0
_INGESTION_SECONDS = 60.0
_SETTLED = ("delivered", "filtered", "dead", "failed")

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
    with stage("Waiting until Adobe has ingested what it accepted") as advance:
        _wait_for_arrival(bridge, outcomes)
        _wait_for_ingestion(bridge, outcomes, advance)
    with stage("Comparing what was promised with what Adobe ingested"):
        observations = _observe(bridge, outcomes)
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
        return all(key in records and records[key].state in _SETTLED for key in taken)

    wait_until(arrived, _ARRIVAL_SECONDS)


def _wait_for_ingestion(bridge: Bridge, outcomes: Iterable[Outcome], advance: Advance) -> None:
    """Wait until the batches are complete; those of another Adobe take up to an hour."""
    if not bridge.adobe.emulator:
        return
    flow_id, accepted = bridge.chain().flow_id, accepted_deliveries(outcomes)

    def complete() -> bool:
        counts = bridge.adobe.counts().get(flow_id, {})
        ingested, failed = counts.get("ingested", 0), counts.get("failed", 0)
        advance(f"{ingested} of {len(accepted)} ingested")
        balance = balance_of(accepted, bridge.deliveries.records(), counts)
        return not balance.in_flight and balance.holds and ingested + failed > 0

    wait_until(complete, _INGESTION_SECONDS)


def _observe(bridge: Bridge, outcomes: Iterable[Outcome]) -> Observations:
    chain, records = bridge.chain(), bridge.deliveries.records()
    if not bridge.adobe.emulator:
        return Observations(chain, records, received=None, lost={})
    ledger = bridge.adobe.ledger()
    counts = bridge.adobe.counts().get(chain.flow_id, {})
    return Observations(
        chain=chain,
        records=records,
        received=[Message.from_ledger(entry) for entry in ledger["received"]],
        lost={entry["xactionId"]: entry["reason"] for entry in ledger["lost"]},
        balance=balance_of(accepted_deliveries(outcomes), records, counts),
    )
