"""Where a source's webhooks go and what they become there, as its document tells it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

DROP: Final = "drop"
"""For `Source.otherwise`: a webhook that no route takes is answered and forgotten."""

DEAD_LETTER: Final = "dead-letter"
"""For `Source.otherwise`: such a webhook is kept, to be redriven when a route takes it."""


@dataclass(frozen=True, slots=True)
class RouteTarget:
    """One flow that a webhook takes, and what it becomes there.

    Templates and schemas are JSON texts: few webhooks need all of them, so each is read when it is
    first used, once per environment.

    Attributes:
        flow: name of the flow.
        map: template of the entity; empty means the body as it is.
        identity: namespace and expression of each identity, the primary one first.
        xdm_schema: JSON Schema that the entity has to fit; empty means any.
    """

    flow: str
    map: str = ""
    identity: tuple[tuple[str, str], ...] = ()
    xdm_schema: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Where webhooks go for which a condition holds.

    Attributes:
        targets: one per flow; each is delivered on its own.
        when: JMESPath; empty means always.
        schema: JSON Schema that the body has to fit; empty means any.
        invalid: what becomes of a body or an entity that does not fit its schema.
    """

    targets: tuple[RouteTarget, ...]
    when: str = ""
    schema: str = ""
    invalid: Literal["dead-letter", "send"] = "dead-letter"


@dataclass(frozen=True, slots=True)
class Privacy:
    """What of a body nobody may keep, as paths such as `customer.email` or `items.*.card`.

    Attributes:
        drop: is taken out.
        mask: is replaced by `***`.
        hash: is replaced by its SHA-256, in lower case hexadecimal digits.
    """

    drop: tuple[str, ...] = ()
    mask: tuple[str, ...] = ()
    hash: tuple[str, ...] = ()


NO_PRIVACY: Final = Privacy()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a body the proof covers, and what beside may reach a message.

    Attributes:
        body: whether every byte is covered; then it is forwarded whole.
        signed: the places that are covered, where only some are.
        unsigned: places that the provider does not sign and that are forwarded all the same;
            `body` is all of it.
        as_set: the fields of a form are signed in order and without repetitions.
    """

    body: bool = True
    signed: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    as_set: bool = False

    @property
    def forwards_body(self) -> bool:
        """Whether nothing has to be taken out of a body."""
        return self.body or self.as_set or WHOLE_BODY in self.unsigned


WHOLE_BODY: Final = "body"
"""For `Coverage.unsigned`: everything."""


SIGNED_BODY: Final = Coverage()
"""Every byte of a body is covered, as with most providers."""


def route_document(route: Route) -> dict[str, Any]:
    """What `route_from_document` reads back to an equal route.

    A route that is no more than its flow is written as that, so that every version can read it.
    """
    plain = Route((RouteTarget(route.targets[0].flow),))
    return {"flow": route.targets[0].flow} if route == plain else asdict(route)


def route_from_document(document: Mapping[str, Any]) -> Route:
    """Read what `route_document` wrote. Raises KeyError and TypeError on anything else."""
    if "flow" in document:
        return Route((RouteTarget(document["flow"]),))
    targets = tuple(
        RouteTarget(
            **{**target, "identity": tuple((space, path) for space, path in target["identity"])}
        )
        for target in document["targets"]
    )
    return Route(**{**document, "targets": targets})
