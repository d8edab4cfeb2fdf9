"""Compile and check the routes of a source."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bridge.errors import InvalidPropertyError
from bridge.messages.expression_tree import NAMES, Reads
from bridge.messages.schema_rules import check_schema
from bridge.messages.templates import compile_template
from bridge.provisioning.sources.checked_texts import checked, reads_of
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.route_targets import RoutingContext, declared_targets
from bridge.provisioning.sources.schema_scalars import with_scalars
from bridge.sources.route import DEAD_LETTER, DROP, Privacy, Route, RouteTarget
from bridge.strict_json import read_json, write_json_text
from bridge.verification.header_names import is_header

# Credentials must not be stored.
_SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
_EVENT_TYPE: Final = re.compile(r"[A-Za-z]\w*([.+:/-]\w+)*", re.ASCII)
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
    read = reads_of("Split", properties.split) | reads_of("ItemId", properties.item_id)
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
            targets=declared_targets(path, route, context),
            when=route.when,
            schema=_schema(path, route.body_schema),
            invalid=route.invalid,
        )


def _schema(path: str, schema: Mapping[str, Any] | str | None) -> str:
    if schema is None:
        return ""
    try:
        document = read_json(schema) if isinstance(schema, str) else with_scalars(schema)
        text = write_json_text(document, ascii_only=True)
    except (ValueError, RecursionError):
        raise InvalidPropertyError(
            f"{path}.Schema",
            "is not JSON; it is a JSON Schema for bodies, as an object or as JSON text, and the"
            " schema of messages is that of the flow",
        ) from None
    checked(f"{path}.Schema", check_schema, text)
    return text


def _check_otherwise(properties: SourceProperties, flows: Sequence[str]) -> None:
    for keyword in (DROP, DEAD_LETTER):
        if keyword in flows and properties.otherwise == keyword:
            raise InvalidPropertyError("Otherwise", f"a flow has the name {keyword}; rename it")
    if properties.otherwise not in (DROP, DEAD_LETTER, *flows):
        raise InvalidPropertyError(
            "Otherwise", f"must be {DROP}, {DEAD_LETTER} or a flow: {', '.join(flows)}"
        )


def _of_a_type(text: str) -> str:
    """What to write for a text that could be the type of an event; empty for another one."""
    if text in {"true", "True"}:
        return "; leave When out for a route that takes every event"
    if not _EVENT_TYPE.fullmatch(text) or re.split(r"\W", text)[0] in NAMES:
        return ""
    return f"; for events of this type, write event_type == '{text}'"


def _reads_of_route(index: int, route: Route) -> Reads:
    try:
        found = reads_of(f"Routes.{index}.When", route.when)
    except InvalidPropertyError as exc:
        raise InvalidPropertyError(exc.path, f"{exc.reason}{_of_a_type(route.when)}") from None
    for target in route.targets:
        if target.map:
            found |= compile_template(target.map).reads
        for namespace, expression in target.identity:
            found |= reads_of(f"Routes.{index}.Identity.{namespace}", expression)
    return found
