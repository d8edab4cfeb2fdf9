"""All pages of the inspector, with data of each state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from bridge.delivery.delivery import Delivery
from tests.support.inspector_data import InspectedData
from tests.support.moto_deployment import STACK


@dataclass(frozen=True)
class ShownPage:
    """A page.

    Attributes:
        path: its path and query.
        status: of its response.
    """

    path: Callable[[InspectedData], str]
    status: int = 200


def at(path: str, status: int = 200) -> ShownPage:
    return ShownPage(lambda _: f"/stacks/{STACK}{path}", status)


def delivery_path(delivery: Delivery, query: str = "") -> str:
    """The path of the page of a webhook."""
    names = quote(delivery.source, safe=""), quote(delivery.delivery_id, safe="")
    return f"/stacks/{STACK}/webhooks/{'/'.join(names)}{query}"


def of_delivery(found: Callable[[InspectedData], Delivery], query: str = "") -> ShownPage:
    return ShownPage(lambda data: delivery_path(found(data), query))


PAGES: Final = {
    "stacks": ShownPage(lambda _: "/"),
    "missing": at("/nothing", 404),
    "list": at("/webhooks"),
    "list-filtered": at("/webhooks?source=stripe&state=delivered"),
    "list-invalid": at("/webhooks?state=nonsense", 400),
    "overview": at("/overview"),
    "runbook": at("/runbooks/drift-at-adobe"),
    "delivered": of_delivery(lambda data: data.delivered[0]),
    "waiting": of_delivery(lambda data: data.waiting[0]),
    "dead": of_delivery(lambda data: data.dead[0]),
    "failed": of_delivery(lambda data: data.failed[0]),
    "confirm": of_delivery(lambda data: data.dead[0], "?confirm=drop"),
    "refusal": ShownPage(
        lambda data: f"/stacks/{STACK}/refusals/{quote(data.refused[0], safe='')}"
    ),
    "refusal-missing": at("/refusals/none", 404),
    "pause": at("/overview/pause?connection=webhooks"),
    "maps": at("/maps"),
    "map": at("/maps/github"),
}
