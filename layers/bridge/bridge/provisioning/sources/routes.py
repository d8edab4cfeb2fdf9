"""Compile and check the routes of a source."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from bridge.errors import InvalidPropertyError
from bridge.messages.expression_tree import Reads
from bridge.messages.expressions import reads
from bridge.messages.schema_rules import check_schema
from bridge.messages.templates import compile_template
from bridge.provisioning.schema_comparison import check_template
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.route_properties import RouteProperties, RouteTargetProperties
from bridge.provisioning.sources.schema_scalars import with_scalars
from bridge.sources.route import DEAD_LETTER, DROP, Privacy, Route, RouteTarget
from bridge.strict_json import read_json, write_json_text
from bridge.verification.header_names import is_header

# Credentials must not be stored.
_SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
# Of a source without a connection: it matches nothing, so that `otherwise` applies.
_NOWHERE: Final = Route((RouteTarget(""),), when="`false`")


@dataclass(frozen=True, slots=True)
class Routing:
    """The routing part of a source document."""

    routes: tuple[Route, ...]
    otherwise: str
    split: str
    item_id: str
    headers: tuple[str, ...]
    query: tuple[str, ...]
    privacy: Privacy


@dataclass(frozen=True, slots=True)
class RoutingContext:
    """The connection of the routes.

    Attributes:
        flows: names of the connection's flows.
        schemas: the available XDM schemas, by flow.
        namespaces: codes of the sandbox's identity namespaces; empty if they are unknown.
    """

    connection: str
    data_type: Literal["xdm", "raw"]
    flows: Sequence[str]
    schemas: Mapping[str, Mapping[str, Any]]
    namespaces: Sequence[str] = ()


def declared_routing(
    properties: SourceProperties, context: RoutingContext, secret: Reads
) -> Routing:
    """Compile and check the routes.

    Args:
        properties: of the source.
        context: the connection.
        secret: headers and query parameters with a signature or a token; see `header_names`.

    Raises:
        InvalidPropertyError: names the property and the path within it.
    """
    routes = tuple(_routes(properties, context))
    for index, route in enumerate(routes[:-1]):
        if not route.when:
            raise InvalidPropertyError(
                f"Routes.{index + 1}", f"is never reached, since Routes.{index} has no When"
            )
    _check_otherwise(properties, context.flows)
    if properties.item_id and not properties.split:
        raise InvalidPropertyError("ItemId", "is only for a source with Split")
    read = _reads("Split", properties.split) | _reads("ItemId", properties.item_id)
    for index, route in enumerate(routes):
        read |= _reads_of_route(index, route)
    for name in sorted(read.headers):
        if any(is_header(name, secret_name) for secret_name in _SECRET_HEADERS | secret.headers):
            raise InvalidPropertyError(
                "Routes", f"may not read header {name}: it contains a credential"
            )
    for name in sorted(read.query & secret.query):
        raise InvalidPropertyError(
            "Routes", f"may not read query parameter {name}: it contains a credential"
        )
    privacy = Privacy(properties.privacy.drop, properties.privacy.mask, properties.privacy.hash)
    return Routing(
        routes,
        properties.otherwise,
        properties.split,
        properties.item_id,
        tuple(sorted(read.headers)),
        tuple(sorted(read.query)),
        privacy,
    )


def _routes(properties: SourceProperties, context: RoutingContext) -> Iterator[Route]:
    if not properties.routes:
        if not context.flows:
            yield _NOWHERE
            return
        if len(context.flows) > 1:
            raise InvalidPropertyError(
                "Routes", f"is required, since connection {context.connection} has several flows"
            )
        yield Route((RouteTarget(context.flows[0]),))
    for index, route in enumerate(properties.routes):
        path = f"Routes.{index}"
        yield Route(
            targets=tuple(
                _target(at, target, context) for at, target in _targets(path, route, context.flows)
            ),
            when=route.when,
            schema=_schema(path, route.body_schema),
            invalid=route.invalid,
        )


def _targets(
    path: str, route: RouteProperties, flows: Sequence[str]
) -> list[tuple[str, RouteTargetProperties]]:
    if route.flow and route.targets:
        raise InvalidPropertyError(path, "has Flow and Targets; omit one of them")
    if not route.targets:
        if not route.flow and len(flows) > 1:
            there = ", ".join(flows)
            raise InvalidPropertyError(path, f"needs a Flow, or Targets; the flows are {there}")
        flow = route.flow or flows[0]
        single = RouteTargetProperties.model_construct(
            flow=flow, map=route.map, identity=route.identity, primary=route.primary
        )
        return [(path, single)]
    if route.map is not None or route.identity:
        raise InvalidPropertyError(path, "has Targets; move Map and Identity there")
    names = [target.flow for target in route.targets]
    for name in names:
        if names.count(name) > 1:
            raise InvalidPropertyError(f"{path}.Targets", f"has flow {name} twice")
    return [(f"{path}.Targets.{index}", target) for index, target in enumerate(route.targets)]


def _target(path: str, target: RouteTargetProperties, context: RoutingContext) -> RouteTarget:
    if target.flow not in context.flows:
        raise InvalidPropertyError(
            f"{path}.Flow",
            f"connection {context.connection} has no flow {target.flow}; "
            f"there is {', '.join(context.flows)}",
        )
    if target.identity and context.data_type == "raw":
        raise InvalidPropertyError(f"{path}.Identity", "is for xdm; for raw, use a mapping set")
    template = _template(path, target.map)
    _checked(f"{path}.Map", compile_template, template)
    if (schema := context.schemas.get(target.flow)) is not None:
        _checked(f"{path}.Map", lambda _: check_template(schema, target.map), "Map")
    match target.map:
        case {"identityMap": dict(spelt_out)}:
            _check_namespaces(f"{path}.Map.identityMap", spelt_out, context.namespaces)
    return RouteTarget(flow=target.flow, map=template, identity=_identity(path, target, context))


def _template(path: str, template: Any) -> str:
    if template is None:
        return ""
    try:
        return json.dumps(template, separators=(",", ":"), allow_nan=False)
    except ValueError:
        raise InvalidPropertyError(
            f"{path}.Map", "has a number that is not finite; write it as a string"
        ) from None


def _identity(
    path: str, target: RouteTargetProperties, context: RoutingContext
) -> tuple[tuple[str, str], ...]:
    _check_namespaces(f"{path}.Identity", target.identity, context.namespaces)
    for namespace, expression in target.identity.items():
        _reads(f"{path}.Identity.{namespace}", expression)
    if len(target.identity) > 1 and target.primary not in target.identity:
        namespaces = ", ".join(sorted(target.identity))
        raise InvalidPropertyError(f"{path}.Primary", f"must be one of {namespaces}")
    return tuple(
        sorted(target.identity.items(), key=lambda item: (item[0] != target.primary, item[0]))
    )


def _check_namespaces(path: str, given: Iterable[str], known: Sequence[str]) -> None:
    """Reject a namespace whose spelling differs in upper and lower case only.

    One that the sandbox does not have is a warning: it may be created later.
    """
    spellings = {code.lower(): code for code in known}
    for namespace in given:
        spelling = spellings.get(namespace.lower(), namespace)
        if namespace not in known and spelling != namespace:
            raise InvalidPropertyError(
                f"{path}.{namespace}", f"the sandbox spells this namespace {spelling}"
            )


def _schema(path: str, schema: Mapping[str, Any] | str | None) -> str:
    if schema is None:
        return ""
    try:
        document = read_json(schema) if isinstance(schema, str) else with_scalars(schema)
        text = write_json_text(document, ascii_only=True)
    except (ValueError, RecursionError):
        raise InvalidPropertyError(f"{path}.Schema", "is not JSON") from None
    _checked(f"{path}.Schema", check_schema, text)
    return text


def _check_otherwise(properties: SourceProperties, flows: Sequence[str]) -> None:
    for keyword in (DROP, DEAD_LETTER):
        if keyword in flows and properties.otherwise == keyword:
            raise InvalidPropertyError("Otherwise", f"a flow has the name {keyword}; rename it")
    if properties.otherwise not in (DROP, DEAD_LETTER, *flows):
        raise InvalidPropertyError(
            "Otherwise", f"must be {DROP}, {DEAD_LETTER} or a flow: {', '.join(flows)}"
        )


def _reads_of_route(index: int, route: Route) -> Reads:
    found = _reads(f"Routes.{index}.When", route.when)
    for target in route.targets:
        if target.map:
            found |= compile_template(target.map).reads
        for _, expression in target.identity:
            found |= reads(expression)
    return found


def _reads(path: str, expression: str) -> Reads:
    """What an expression reads. Raises InvalidPropertyError."""
    found = _checked(path, reads, expression)
    return found if isinstance(found, Reads) else Reads()


def _checked[V](path: str, compiled: Callable[[str], V], text: str) -> V | frozenset[str]:
    """The compiled text; empty for an empty text. Raises InvalidPropertyError."""
    if not text:
        return frozenset()
    try:
        return compiled(text)
    except ValueError as exc:
        reason = str(exc)
    except RecursionError:
        reason = "is nested too deeply"
    raise InvalidPropertyError(path, reason)
