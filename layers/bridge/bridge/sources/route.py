"""Routes of a source: targets, mappings, privacy rules and signed parts."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from bridge.parameter_json import document_of

DROP: Final = "drop"
"""For `Source.otherwise`: a webhook that no route matches is acknowledged and dropped."""

DEAD_LETTER: Final = "dead-letter"
"""For `Source.otherwise`: such a webhook becomes a dead letter, which can be redriven."""


LITERAL: Final = r"true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?"
"""The pattern of a text in a Map that is no expression, but a value which CloudFormation converts
to a text."""


class RouteTarget(NamedTuple):
    """One flow of a route, and the mapping of its messages.

    Templates are JSON texts: few webhooks need all of them, so each is parsed on first use, once
    per execution environment.

    Attributes:
        flow: name of the flow.
        map: template of the entity; empty means the unchanged body.
        identity: namespace and expression of each identity, the primary one first.
    """

    flow: str
    map: str = ""
    identity: tuple[tuple[str, str], ...] = ()


class Route(NamedTuple):
    """The targets of webhooks that match a condition.

    Attributes:
        targets: one per flow; each is delivered separately.
        when: JMESPath condition; empty means always.
        schema: JSON Schema of the body; empty means any.
        invalid: what to do with a body or an entity that does not match its schema.
    """

    targets: tuple[RouteTarget, ...]
    when: str = ""
    schema: str = ""
    invalid: Literal["dead-letter", "send"] = "dead-letter"


class Privacy(NamedTuple):
    """Personal data in a body, as paths such as `customer.email` or `items.*.card`.

    Attributes:
        drop: paths to remove.
        mask: paths to replace by `***`.
        hash: paths to replace by the SHA-256, in lowercase hexadecimal digits.
    """

    drop: tuple[str, ...] = ()
    mask: tuple[str, ...] = ()
    hash: tuple[str, ...] = ()


NO_PRIVACY: Final = Privacy()


class Coverage(NamedTuple):
    """The parts of a body that are signed, and the unsigned ones that are forwarded, too.

    Attributes:
        body: every byte is signed; the whole body is forwarded.
        signed: extractors of the signed parts, if `body` is false.
        unsigned: extractors of parts that the provider does not sign and that are forwarded
            nevertheless; `body` means the whole body.
        as_set: the fields of a form are signed, sorted and without repetitions.
    """

    body: bool = True
    signed: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    as_set: bool = False

    @property
    def forwards_body(self) -> bool:
        """Whether the whole body is forwarded."""
        return self.body or self.as_set or WHOLE_BODY in self.unsigned


WHOLE_BODY: Final = "body"
"""For `Coverage.unsigned`: the whole body."""


SIGNED_BODY: Final = Coverage()
"""Every byte of a body is signed, as with most providers."""


def route_document(route: Route) -> dict[str, Any]:
    """The JSON document of a route; `route_from_document` is the inverse.

    A route that only names a flow has a short form, which every version can read.
    """
    plain = Route((RouteTarget(route.targets[0].flow),))
    return {"flow": route.targets[0].flow} if route == plain else document_of(route)


def route_from_document(document: Mapping[str, Any]) -> Route:
    """Read the document of a route. Raises KeyError and TypeError if it is invalid."""
    if "flow" in document:
        return Route((RouteTarget(document["flow"]),))
    targets = tuple(
        RouteTarget(
            **{**target, "identity": tuple((space, path) for space, path in target["identity"])}
        )
        for target in document["targets"]
    )
    return Route(**{**document, "targets": targets})
