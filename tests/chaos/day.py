"""A simulated day with injected faults, and the report that compares promises with results."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import Poison
from adobe_emulator.settings import Behavior, Tenant
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.record import State
from bridge.sources.connection import Flow
from tests.chaos.chain import SETTLING, make_connection, make_flows
from tests.chaos.faults import DAY
from tests.chaos.senders import (
    AUDIT,
    FAILS_WHOLE,
    REFUSED_ALONE,
    REFUSED_WHOLE,
    SECRETS,
    Event,
    events,
)
from tests.chaos.simulation import Simulation
from tests.support.fakes import NOON, FakeClock

FLOWS = (*SECRETS, AUDIT)
_FLOWS_CHANGE_AT = timedelta(minutes=50)
_TOKENS_DIE_AT = timedelta(minutes=100)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Both sides of a day, by the names of messages: an event's, with its flow if it has two.

    Attributes:
        received: how often each is in the inlet.
        broken: events of requests whose work was done although not every answer was heard.
        unrecorded: events that were taken when a process died, or the table failed, before the
            record of it was written.
        altered: messages that are not the sender's bytes.
        misrouted: messages that took another flow than their sender's.
        lost: what the inlet took and lost, because a flow was settling.
        dead: the class of each dead letter.
        renamed: messages of which copies came with different `_id`s.
        dropped: events that nobody wants, and those that are recorded as filtered.
        left: messages that nobody will ever deliver: given up by the queue or expired in it.
    """

    sent: Mapping[str, Event]
    acknowledged: Mapping[str, Event]
    received: Counter[str]
    broken: frozenset[str]
    unrecorded: frozenset[str]
    altered: int
    misrouted: int
    lost: int
    dead: Mapping[str, DeadClass]
    renamed: frozenset[str]
    dropped: tuple[int, int]
    left: int
    waiting: int

    @property
    def missing(self) -> set[str]:
        """Acknowledged messages that are neither in the inlet nor in the dead-letter queue."""
        return set(self.acknowledged) - set(self.received) - set(self.dead)

    @property
    def unexplained_duplicates(self) -> set[str]:
        """Duplicates in the inlet although every response was received and recorded."""
        return self.duplicates - self.broken - self.unrecorded

    @property
    def duplicates(self) -> set[str]:
        """Messages that are more than once in the inlet, each time with the same `_id`."""
        return {name for name, times in self.received.items() if times > 1}

    @property
    def unexplained_deaths(self) -> set[str]:
        """Dead letters of valid messages."""
        return {name for name in self.dead if not self.sent[name].poison}


def simulate_day(webhooks: int, seed: int) -> tuple[Simulation, Ledger]:
    """Simulate a day."""
    clock = FakeClock()
    adobe = Adobe(
        "https://adobe.example",
        Tenant(),
        Behavior(settle=SETTLING),
        Clock(clock),
        seed,
    )
    for marker, status, whole in (
        (REFUSED_ALONE, 400, False),
        (REFUSED_WHOLE, 400, True),
        (FAILS_WHOLE, 500, True),
    ):
        adobe.faults.poison(Poison(marker, status, whole_request=whole))
    simulation = Simulation.under(adobe, clock, seed)
    connection_id, connection = make_connection(adobe)
    generations = [make_flows(adobe, connection_id, FLOWS, NOON)]
    simulation.configure(connection, generations[0])

    def change_flows() -> None:
        generations.append(make_flows(adobe, connection_id, FLOWS, clock()))
        simulation.configure(connection, generations[-1])

    simulation.at(NOON + _FLOWS_CHANGE_AT, change_flows)
    simulation.at(NOON + _TOKENS_DIE_AT, adobe.ims.revoke_all)
    sent = {event.name: event for event in events(webhooks, NOON, DAY, simulation.chance)}
    for event in sent.values():
        simulation.expect(event)
    simulation.run()
    return simulation, _ledger(simulation, sent, generations)


def _ledger(
    simulation: Simulation, sent: Mapping[str, Event], generations: Sequence[Mapping[str, Flow]]
) -> Ledger:
    received: Counter[str] = Counter()
    ids: dict[str, set[str]] = {}
    misrouted = altered = 0
    for message in simulation.adobe.ledger.received:
        entity = json.loads(message.content)["body"]["xdmEntity"]
        name, event = _name(entity), sent[entity["name"]]
        received[name] += 1
        ids.setdefault(name, set()).add(str(entity.get("_id")))
        flow = AUDIT if "audit" in entity else event.provider
        misrouted += message.flow_id not in {flows[flow].flow_id for flows in generations}
        altered += not _is_unaltered(message.content, entity, event)
    unwanted = [event for event in simulation.acknowledged.values() if not event.is_wanted]
    filtered = [each for each in simulation.table.records.values() if each.state is State.FILTERED]
    return Ledger(
        sent={name: event for event in sent.values() for name in event.messages},
        acknowledged={
            n: event for event in simulation.acknowledged.values() for n in event.messages
        },
        received=received,
        broken=frozenset(name for request in simulation.inlet.broken for name in _names(request)),
        unrecorded=frozenset(
            name
            for body in simulation.unrecorded
            for name in sent[json.loads(body)["name"]].messages
        ),
        altered=altered,
        misrouted=misrouted,
        lost=len(simulation.adobe.ledger.lost),
        dead={_buried(text): info.kind for text, info in simulation.dead_letters},
        renamed=frozenset(name for name, different in ids.items() if len(different) > 1),
        dropped=(len(unwanted), len(filtered)),
        left=len(simulation.queue.given_up) + len(simulation.queue.expired),
        waiting=len(simulation.queue.messages),
    )


def _is_unaltered(content: bytes, entity: Mapping[str, Any], event: Event) -> bool:
    """Whether a message equals the sender's bytes, or the result of its map."""
    if event.provider == "stripe":
        return content.endswith(b"," + event.body[1:] + b"}}") and "timestamp" in entity
    if event.provider == "shopify":
        document = json.loads(event.body)
        return all(entity[name] == document.get(name) for name in entity.keys() - {"_id", "audit"})
    return content.endswith(b'"xdmEntity":' + event.body + b"}}")


def _name(entity: Mapping[str, Any]) -> str:
    return f"{entity['name']}@{AUDIT}" if "audit" in entity else str(entity["name"])


def _names(request: bytes) -> list[str]:
    document = json.loads(request)
    messages = document.get("messages", [document])
    return [_name(message["body"]["xdmEntity"]) for message in messages]


def _buried(text: str) -> str:
    delivery = Delivery.decode(text)
    name = str(json.loads(delivery.body)["name"])
    return f"{name}@{AUDIT}" if delivery.flow == AUDIT else name
