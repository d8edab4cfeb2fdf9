"""The target that makes the message of an event, and which of its identities have no value."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.identities import shown
from bridge.messages.routing import context_of, target_to
from bridge.provisioning.sources.quoted_paths import quoted_paths
from bridge.sources.route import RouteTarget
from bridge.sources.source import Source

# "Values provided in this namespace are converted to lowercase before hashing with SHA-256":
# https://experienceleague.adobe.com/en/docs/experience-platform/identity/features/namespaces
_LOWERCASED: Final = "email_lc_sha256"
_ADDRESSES: Final = "email"
_HASHED: Final = re.compile(r"\s*sha256\((.+)\)\s*", re.DOTALL)
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

    def notes(self) -> Iterator[str]:
        """What the author of its identities may not expect, as sentences."""
        yield from self._valueless_identities()
        yield from self._capital_addresses()
        yield from self._no_addresses()

    def _valueless_identities(self) -> Iterator[str]:
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

    def _capital_addresses(self) -> Iterator[str]:
        """A sentence for each hash of an address with capitals in the namespace without them."""
        for name, text in self.target.identity:
            inner = _HASHED.fullmatch(text)
            if name.casefold() != _LOWERCASED or not inner:
                continue
            try:
                address = compile_expression(inner[1]).value(self.context)
            except _FAULTS:
                continue
            if isinstance(address, str) and address != address.lower():
                yield (
                    f"{self.place}.Identity.{name} is the hash of an address with capitals; Adobe's"
                    f" namespace has those of lower case: sha256(lower({inner[1]}))"
                )

    def _no_addresses(self) -> Iterator[str]:
        """A sentence for each identity of the namespace Email that is no email address."""
        for name, text in self.target.identity:
            if name.casefold() != _ADDRESSES or any(quoted_paths(text)):  # Said of the source.
                continue
            try:
                value = compile_expression(text).value(self.context)
            except _FAULTS:
                continue
            if value not in (None, "") and "@" not in str(value):
                kind = "a text without @" if isinstance(value, str) else "a number"
                yield (
                    f"{self.place}.Identity.{name} ({shown(text)}) gives {kind}; the namespace is"
                    " of email addresses, such as ada@example.com"
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
