"""What the properties of a source say of its routes: everything is compiled before it is kept."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from bridge.errors import InvalidPropertyError
from bridge.messages.expressions import headers_read
from bridge.messages.schema_rules import check_schema
from bridge.messages.templates import compile_template
from bridge.provisioning.schema_subset import part_of
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.route_properties import RouteProperties, RouteTargetProperties
from bridge.sources.route import DEAD_LETTER, DROP, Privacy, Route, RouteTarget
from bridge.strict_json import read_json
from bridge.telemetry import logger

# What proves who sent it is nothing to keep.
_SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Routing:
    """The routing part of a source document."""

    routes: tuple[Route, ...]
    otherwise: str
    split: str
    item_id: str
    headers: tuple[str, ...]
    privacy: Privacy


@dataclass(frozen=True, slots=True)
class Ground:
    """What routes are built on.

    Attributes:
        flows: names of the connection's flows.
        schemas: XDM schemas by flow, as far as they are known.
    """

    connection: str
    data_type: Literal["xdm", "raw"]
    flows: Sequence[str]
    schemas: Mapping[str, Mapping[str, Any]]


def declared_routing(
    read: SourceProperties, ground: Ground, secret_headers: frozenset[str]
) -> Routing:
    """Compile and check what was written.

    Args:
        read: the properties.
        ground: the connection.
        secret_headers: those that the scheme reads its proof from, in lower case.

    Raises:
        InvalidPropertyError: names the property, and the place within it.
    """
    routes = tuple(_routes(read, ground))
    for index, route in enumerate(routes[:-1]):
        if not route.when:
            raise InvalidPropertyError(
                f"Routes.{index + 1}", f"is never reached, since Routes.{index} has no When"
            )
    _check_otherwise(read, ground.flows)
    if read.item_id and not read.split:
        raise InvalidPropertyError("ItemId", "is of use only beside Split")
    headers = set(_checked("Split", headers_read, read.split))
    headers |= _checked("ItemId", headers_read, read.item_id)
    for index, route in enumerate(routes):
        headers |= _headers(index, route)
    for name in sorted(headers & (_SECRET_HEADERS | secret_headers)):
        raise InvalidPropertyError("Routes", f"may not read header {name}: it is a proof or secret")
    privacy = Privacy(read.privacy.drop, read.privacy.mask, read.privacy.hash)
    return Routing(
        routes, read.otherwise, read.split, read.item_id, tuple(sorted(headers)), privacy
    )


def _routes(read: SourceProperties, ground: Ground) -> Iterator[Route]:
    if not read.routes:
        if len(ground.flows) > 1:
            raise InvalidPropertyError(
                "Routes", f"is required, since connection {ground.connection} has several flows"
            )
        yield Route((RouteTarget(ground.flows[0]),))
    for index, route in enumerate(read.routes):
        path = f"Routes.{index}"
        yield Route(
            targets=tuple(_leg(at, target, ground) for at, target in _legs(path, route)),
            when=route.when,
            schema=_schema(path, route.body_schema),
            invalid=route.invalid,
        )


def _legs(path: str, route: RouteProperties) -> list[tuple[str, RouteTargetProperties]]:
    if bool(route.flow) == bool(route.targets):
        raise InvalidPropertyError(path, "needs either Flow or Targets")
    if route.flow:
        alone = RouteTargetProperties.model_construct(
            flow=route.flow, map=route.map, identity=route.identity, primary=route.primary
        )
        return [(path, alone)]
    if route.map is not None or route.identity:
        raise InvalidPropertyError(path, "has Targets, to which Map and Identity belong")
    names = [target.flow for target in route.targets]
    for name in names:
        if names.count(name) > 1:
            raise InvalidPropertyError(f"{path}.Targets", f"has flow {name} twice")
    return [(f"{path}.Targets.{index}", target) for index, target in enumerate(route.targets)]


def _leg(path: str, target: RouteTargetProperties, ground: Ground) -> RouteTarget:
    if target.flow not in ground.flows:
        raise InvalidPropertyError(
            f"{path}.Flow",
            f"connection {ground.connection} has no flow {target.flow}; "
            f"there is {', '.join(ground.flows)}",
        )
    if target.identity and ground.data_type == "raw":
        raise InvalidPropertyError(f"{path}.Identity", "is for xdm; a mapping set makes it of raw")
    template = "" if target.map is None else json.dumps(target.map, separators=(",", ":"))
    _checked(f"{path}.Map", compile_template, template)
    return RouteTarget(
        flow=target.flow,
        map=template,
        identity=_identity(path, target),
        xdm_schema=_xdm_schema(path, target, ground.schemas.get(target.flow)),
    )


def _xdm_schema(path: str, target: RouteTargetProperties, schema: Mapping[str, Any] | None) -> str:
    """What messages are held to; nothing where Adobe's schema cannot be applied as it is."""
    if schema is None or not isinstance(target.map, dict):
        return ""
    part = json.dumps(
        _checked(f"{path}.Map", lambda _: part_of(schema, target.map), "Map"), separators=(",", ":")
    )
    try:
        check_schema(part)
    except ValueError as exc:
        logger.warning("messages are not checked", extra={"flow": target.flow, "reason": str(exc)})
        return ""
    return part


def _identity(path: str, target: RouteTargetProperties) -> tuple[tuple[str, str], ...]:
    for namespace, expression in target.identity.items():
        _checked(f"{path}.Identity.{namespace}", headers_read, expression)
    if len(target.identity) > 1 and target.primary not in target.identity:
        namespaces = ", ".join(sorted(target.identity))
        raise InvalidPropertyError(f"{path}.Primary", f"must be one of {namespaces}")
    return tuple(
        sorted(target.identity.items(), key=lambda item: (item[0] != target.primary, item[0]))
    )


def _schema(path: str, given: Mapping[str, Any] | str | None) -> str:
    if given is None:
        return ""
    text = given if isinstance(given, str) else json.dumps(given)
    try:
        text = json.dumps(read_json(text), separators=(",", ":"))
    except (ValueError, RecursionError):
        raise InvalidPropertyError(f"{path}.Schema", "is not JSON") from None
    _checked(f"{path}.Schema", check_schema, text)
    return text


def _check_otherwise(read: SourceProperties, flows: Sequence[str]) -> None:
    for word in (DROP, DEAD_LETTER):
        if word in flows and read.otherwise == word:
            raise InvalidPropertyError("Otherwise", f"a flow has the name {word}; rename it")
    if read.otherwise not in (DROP, DEAD_LETTER, *flows):
        raise InvalidPropertyError(
            "Otherwise", f"must be {DROP}, {DEAD_LETTER} or a flow: {', '.join(flows)}"
        )


def _headers(index: int, route: Route) -> set[str]:
    found = set(_checked(f"Routes.{index}.When", headers_read, route.when))
    for target in route.targets:
        if target.map:
            found |= compile_template(target.map).headers
        for _, expression in target.identity:
            found |= headers_read(expression)
    return found


def _checked[V](path: str, compiled: Callable[[str], V], text: str) -> V | frozenset[str]:
    """What compiling gives; nothing for an empty text. Raises InvalidPropertyError."""
    if not text:
        return frozenset()
    try:
        return compiled(text)
    except ValueError as exc:
        reason = str(exc)
    except RecursionError:
        reason = "is nested too deeply"
    raise InvalidPropertyError(path, reason)
