"""The target that makes the message of an event, and which of its identities have no value."""

from collections.abc import Iterator
from typing import NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.identities import shown
from bridge.messages.routing import context_of, target_to
from bridge.sources.route import RouteTarget
from bridge.sources.source import Source

_FAULTS = (MappingError, WebhookRejectedError, ValueError, RecursionError)


class AppliedTarget(NamedTuple):
    """A target of a route, and what its expressions read.

    Attributes:
        route: the position of the route; None if `Otherwise` applies.
        place: of the target within the properties, such as `Routes.0`.
    """

    target: RouteTarget
    context: Context
    route: int | None
    place: str

    def valueless_identities(self) -> Iterator[str]:
        """A sentence for each identity without a value beside others with one.

        Without any, the message itself is noted: see `bridge.messages.identities`.
        """
        values = {name: self._value(text) for name, text in self.target.identity}
        if not any(values.values()):
            return
        for name, text in self.target.identity:
            if not values[name]:
                yield (
                    f"{self.place}.Identity.{name} ({shown(text)}) has no value in this sample: the"
                    " message has its other identities alone"
                )

    def _value(self, expression: str) -> bool:
        try:
            return compile_expression(expression).value(self.context) not in (None, "")
        except _FAULTS:
            return True  # An error of its own.


def applied_target(source: Source, delivery: Delivery) -> AppliedTarget | None:
    """The target of a delivery with a flow; None if it cannot be found."""
    try:
        context = context_of(source, delivery, document_of(source, delivery))
        route, target = target_to(source, delivery.flow, context)
    except _FAULTS:
        return None
    index = next((index for index, each in enumerate(source.routes) if each is route), None)
    place = f"Routes.{index}"
    if len(route.targets) > 1:
        place += f".Targets.{route.targets.index(target)}"
    return AppliedTarget(target, context, index, place)
