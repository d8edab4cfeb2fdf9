"""Have the provisioner compare Adobe and SSM with what was applied, as `inlet status` does."""

from dataclasses import dataclass
from typing import Any

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.provisioner import Provisioner


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference.

    Attributes:
        connection: its name; empty for the webhook of a source at its vendor.
        place: `adobe`, `ssm`, `sources` or `vendor`.
        name: the object, parameter or source.
        reason: with both values.
    """

    connection: str
    place: str
    name: str
    reason: str


def differences(deployed: Deployed) -> list[Difference]:
    """All differences of all connections and sources. It calls Adobe, and may take a minute.

    Raises:
        OperationError: the provisioner cannot be invoked, or fails.
        ClientError, BotoCoreError: AWS rejects the invocation.
    """
    answer = Provisioner(deployed).ask({"action": "status"})
    try:
        return [*_of_connections(answer), *_of_sources(answer)]
    except (KeyError, TypeError, AttributeError) as exc:
        raise OperationError(
            "the answer of the provisioner cannot be read",
            hint="Deploy the bridge with this version.",
        ) from exc


def _of_connections(answer: Any) -> list[Difference]:
    return [
        Difference(str(connection["name"]), *(str(each[name]) for name in _FIELDS))
        for connection in answer["connections"]
        for each in connection["drift"]
    ]


def _of_sources(answer: Any) -> list[Difference]:
    return [
        Difference("", "vendor", str(source["name"]), str(reason))
        for source in answer.get("sources", ())
        for reason in (source.get("subscription") or {}).get("drift", ())
    ]


_FIELDS = ("place", "name", "reason")
