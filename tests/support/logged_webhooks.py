"""A deployment in memory with many webhooks: its logs and its table, which count what is read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from bridge.adapters.aws.delivery_items import key_item, open_entry
from bridge.delivery.record import OPEN, State
from bridge.idempotency_keys import id_key
from inlet_bridge.operations.service_time import ServiceTime
from tests.support.log_groups import LogGroups

if TYPE_CHECKING:
    from inlet_bridge.operations.deployed import Deployed

RECEIVER, FORWARDER = "receiver-logs", "forwarder-logs"


@dataclass
class LoggedWebhooks:
    """What a `Deployed` has for lists.

    Attributes:
        reads: how often each operation of DynamoDB was called, and `keys`, the keys that were read.
    """

    logs: LogGroups = field(default_factory=LogGroups)
    receiver_logs: str = RECEIVER
    forwarder_logs: str = FORWARDER
    deliveries: str = "deliveries"
    stack: str = "inlet-bridge-dev"
    prefix: str = "/inlet-bridge/dev"
    sources: dict[str, str] = field(default_factory=lambda: {"github": "x", "stripe": "x"})
    reads: Counter[str] = field(default_factory=Counter)
    items: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    time: ServiceTime = field(default_factory=ServiceTime)

    @property
    def dynamodb(self) -> "LoggedWebhooks":
        """The client for DynamoDB."""
        return self

    @property
    def ssm(self) -> "LoggedWebhooks":
        """The client for SSM."""
        return self

    def require_deployed(self) -> None:
        """It is."""

    def get_paginator(self, _: str) -> "LoggedWebhooks":
        """The paginator of the documents of sources."""
        return self

    def paginate(self, *, Path: str) -> list[dict[str, Any]]:  # noqa: N803 (AWS's name)
        """One page of them."""
        named = self.sources.items()
        return [{"Parameters": [{"Name": f"{Path}/{name}", "Value": text} for name, text in named]}]

    @property
    def deployed(self) -> "Deployed":
        """The deployment, for the type."""
        return cast("Deployed", self)

    def record(
        self,
        delivery_id: str,
        at: datetime,
        state: str,
        source: str = "github",
        *,
        is_dropped: bool = False,
        **more: str,
    ) -> None:
        """Record a delivery; a dropped one is not open any more."""
        key = key_item((source, id_key(delivery_id)))
        texts = {"id": delivery_id, "state": state, "received_at": at.isoformat(), **more}
        item = {**key, **{name: {"S": text} for name, text in texts.items()}}
        if state in OPEN and not is_dropped:
            item |= open_entry(id_key(delivery_id), at, State(state))
        self.items[_place(key)] = item

    def fill(self, number: int, until: datetime, step: timedelta) -> None:
        """Log and record so many delivered webhooks at equal distances; `d-0` is the newest."""
        times = [until - step * (n + 1) for n in range(number)]
        lines = (
            (times[n], delivered(f"d-{n}", xaction_id=f"1:{n}")) for n in reversed(range(number))
        )
        self.logs.add(RECEIVER, lines)
        for n, at in enumerate(times):
            self.record(f"d-{n}", at, "delivered", event_type="issues", flow="events")

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803
        """The items of at most 100 keys."""
        [(table, asked)] = RequestItems.items()
        keys = [_place(key) for key in asked["Keys"]]
        assert len(keys) <= 100
        assert len(set(keys)) == len(keys)
        self.reads["BatchGetItem"] += 1
        self.reads["keys"] += len(keys)
        found = [self.items[key] for key in keys if key in self.items]
        return {"Responses": {table: found}, "UnprocessedKeys": {}}


def delivered(delivery_id: str, source: str = "github", **more: Any) -> dict[str, Any]:
    """What the receiver logs of a webhook that the inlet has accepted."""
    return {"message": "delivered", "source": source, "delivery_id": delivery_id, **more}


def buffered(delivery_id: str, source: str = "github") -> dict[str, Any]:
    """What the receiver logs of a webhook that waits."""
    return {"message": "buffered", "source": source, "delivery_id": delivery_id}


def refused(
    request_id: str, source: str = "github", status: int = 401, reason: str = "no signature matches"
) -> dict[str, Any]:
    """What the receiver logs of a request that it refuses."""
    named = {"source": source, "request_id": request_id}
    return {"message": "refused", "status": status, "reason": reason, **named}


def forwarded(*delivery_ids: str, source: str = "github", attempts: int = 2) -> dict[str, Any]:
    """What the forwarder logs of a batch."""
    each = [
        {"source": source, "delivery_id": name, "xaction_id": f"x-{name}", "attempts": attempts}
        for name in delivery_ids
    ]
    return {"message": "delivered", "flow_id": "f", "deliveries": each}


def _place(key: Mapping[str, Any]) -> tuple[str, str]:
    return key["source"]["S"], key["delivery_id"]["S"]
