"""What the properties of a source say of its sender and its routes."""

from dataclasses import replace

from bridge.chain.record import ChainRecord
from bridge.errors import InvalidPropertyError
from bridge.provisioning.source_properties import SourceProperties
from bridge.route import Leg, Route
from bridge.source import Source
from bridge.sources.declaration import Declared, declare_recipe, declare_scheme
from bridge.sources.verification import needs_secrets


def warnings(source: Source) -> list[str]:
    """What whoever deploys a source should know of it."""
    if source.scheme.family != "none":
        return []
    locks = source.locks
    beside = "" if locks.allowed_cidrs or locks.path_tokens else ", and it has no lock either"
    return [f"nothing proves who sends to source {source.name}: Verification is none{beside}"]


def declared_sender(read: SourceProperties) -> Declared:
    """Who sends, and how they prove it. Raises InvalidPropertyError."""
    declared = declare_scheme(
        read.provider,
        read.scheme,
        read.constants,
        read.handshakes,
        unverified=read.verification == "none",
    )
    if needs_secrets(declared.scheme) and not read.secrets:
        raise InvalidPropertyError("Secrets", "is required")
    return replace(
        declared,
        delivery_id=_recipe("DeliveryId", read.delivery_id, declared.delivery_id),
        event_type=_recipe("EventType", read.event_type, declared.event_type),
        sent_at=_recipe("SentAt", read.sent_at, declared.sent_at),
    )


def _recipe(path: str, given: tuple[str, ...] | None, preset: tuple[str, ...]) -> tuple[str, ...]:
    return preset if given is None else declare_recipe(path, given)


def declared_routes(read: SourceProperties, record: ChainRecord) -> tuple[Route, ...]:
    """Where webhooks go. Raises InvalidPropertyError."""
    flows = record.flows()
    if not read.routes:
        if len(flows) > 1:
            raise InvalidPropertyError(
                "Routes", f"is required, since connection {read.connection} has several flows"
            )
        return (Route((Leg(flows[0]),)),)
    for index, route in enumerate(read.routes):
        if route.flow not in flows:
            raise InvalidPropertyError(
                f"Routes.{index}.Flow",
                f"connection {read.connection} has no flow {route.flow}; "
                f"there is {', '.join(flows)}",
            )
    return tuple(Route((Leg(route.flow),)) for route in read.routes)
