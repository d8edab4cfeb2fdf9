"""A stack with the preflight and versions of the receiver."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from functions.preflight import handler
from functions.receiver import handler as receiver
from functions.receiver import wiring as receiver_wiring
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.provisioner_cloud import Context
from tests.support.resolved_template import parameters, resolved
from tests.support.sam_template import resources

EVENTS = Path(__file__).parents[2] / "events" / "preflight"
SECRET = "/inlet-bridge/dev/secrets/preflight"


type Invoke = Callable[[Mapping[str, Any]], Any]


def real(event: Mapping[str, Any]) -> Any:
    """Return the response of the receiver of this checkout."""
    context: Any = Context(15, function_name="receiver")
    return receiver.lambda_handler(dict(event), context)


@dataclass
class Versions:
    """The receiver as version 1, 2 and so on; each version starts with empty caches.

    As Lambda does, it publishes nothing if neither code nor configuration have changed since the
    last version.
    """

    answer: Invoke = real
    configuration: str = "first"
    published: dict[str, str] = field(default_factory=dict)
    number: int = 0
    removed: list[str] = field(default_factory=list)
    invoked: list[str] = field(default_factory=list)

    def publish(self) -> str:
        receiver_wiring.receiver.cache_clear()
        last = max(self.published, key=int, default="")
        if self.published.get(last) == self.configuration:
            return last
        self.number += 1
        self.published[str(self.number)] = self.configuration
        return str(self.number)

    def invoke(self, version: str, event: Mapping[str, Any]) -> tuple[object, str]:
        self.invoked.append(version)
        return self.answer(event), ""

    def remove(self, version: str) -> None:
        self.removed.append(version)
        del self.published[version]

    def prune(self, newest: int, named: Collection[str]) -> None:
        for version in sorted(self.published, key=int)[:-newest]:
            if version not in named:
                self.remove(version)


@dataclass
class Stack:
    """The two resources of the preflight, and the source that is created between them."""

    cloud: DeliveryCloud
    versions: Versions
    slept: list[float] = field(default_factory=list)
    rolling_back: bool = False

    def is_rolling_back(self, stack_id: str) -> bool:
        assert ":stack/inlet-bridge-dev/" in stack_id
        return self.rolling_back

    def change(self, before: str, after: str) -> dict[str, Any]:
        """Update the configuration of the function, then the preflight, as CloudFormation does."""
        self.versions.configuration = after
        return self.send("version-update", before, after)

    def send(self, name: str, before: str = "", after: str = "") -> dict[str, Any]:
        event = json.loads((EVENTS / f"{name}.json").read_text())
        if before:
            event["ResourceProperties"]["Configuration"] = {"RecordDays": after}
            event["OldResourceProperties"] = {
                **event["ResourceProperties"],
                "Configuration": {"RecordDays": before},
            }
        event["ResponseURL"] = self.cloud.provisioned.listener.url
        context: Any = Context(180, function_name="preflight")
        answer = handler.lambda_handler(event, context)
        assert self.cloud.provisioned.listener.answers[-1] == answer
        return answer

    def add_source(self) -> None:
        """Create the source as in the template."""
        written = resources()["PreflightSource"]["Properties"]
        given = resolved(written, parameters(Stage="dev")) | {"Secrets": [SECRET]}
        given = {name: given[name] for name in given.keys() - {"ServiceToken", "ServiceTimeout"}}
        answer = self.cloud.provisioned.create_source(given, connection="")
        assert answer["Status"] == "SUCCESS", answer["Reason"]
