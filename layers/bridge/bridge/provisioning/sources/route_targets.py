"""Compile and check the targets of a route: flow, map and identity."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bridge.errors import InvalidPropertyError, UnknownFieldError
from bridge.messages.templates import compile_template
from bridge.provisioning.schema_comparison import UnknownFieldsError, check_template
from bridge.provisioning.sources.checked_texts import checked, reads_of
from bridge.provisioning.sources.misplaced_names import (
    check_fields,
    check_identities,
    check_identity_map,
)
from bridge.provisioning.sources.route_properties import RouteProperties, RouteTargetProperties
from bridge.sources.route import DEAD_LETTER, DROP, RouteTarget


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


def declared_targets(
    path: str, route: RouteProperties, context: RoutingContext
) -> tuple[RouteTarget, ...]:
    """Compile and check the targets of a route.

    Args:
        path: of the route within the properties, such as `Routes.0`.
        route: with targets, or with the map of a single one.
        context: the connection.

    Raises:
        InvalidPropertyError: names the path within the properties.
    """
    return tuple(
        _target(at, target, context) for at, target in _targets(path, route, context.flows)
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
    if route.map is not None or route.identity or route.primary:
        raise InvalidPropertyError(path, "has Targets; move Map, Identity and Primary there")
    names = [target.flow for target in route.targets]
    for name in names:
        if names.count(name) > 1:
            raise InvalidPropertyError(f"{path}.Targets", f"has flow {name} twice")
    return [(f"{path}.Targets.{index}", target) for index, target in enumerate(route.targets)]


def _target(path: str, target: RouteTargetProperties, context: RoutingContext) -> RouteTarget:
    if target.flow not in context.flows:
        reason = (
            f"connection {context.connection} has no flow {target.flow}; "
            f"there is {', '.join(context.flows)}"
        )
        if target.flow in (DROP, DEAD_LETTER):
            reason += (
                ". What no route takes is treated as Otherwise says: write Otherwise:"
                f" {target.flow} and no route for these events"
            )
        raise InvalidPropertyError(f"{path}.Flow", reason)
    if target.identity and context.data_type == "raw":
        raise InvalidPropertyError(f"{path}.Identity", "is for xdm; for raw, use a mapping set")
    if context.data_type == "xdm":
        check_fields(f"{path}.Map", target.map, context.schemas.get(target.flow))
        check_identity_map(f"{path}.Map", target.map, target.identity)
    template = _template(path, target.map)
    checked(f"{path}.Map", compile_template, template)
    if (schema := context.schemas.get(target.flow)) is not None:
        _check_schema(f"{path}.Map", schema, target.map)
    match target.map:
        case {"identityMap": dict(identity_map)}:
            _check_namespaces(f"{path}.Map.identityMap", identity_map, context.namespaces)
    return RouteTarget(flow=target.flow, map=template, identity=_identity(path, target, context))


def _check_schema(path: str, schema: Mapping[str, Any], template: Any) -> None:
    """Compare a Map with its schema. Raises InvalidPropertyError."""

    def check(_: str) -> None:
        try:
            check_template(schema, template)
        except UnknownFieldsError as exc:
            raise UnknownFieldError(path, str(exc)) from None

    checked(path, check, "Map")


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
    if not all(each.strip() for each in target.identity):
        raise InvalidPropertyError(
            f"{path}.Identity", "has an empty namespace; write its code, such as Email"
        )
    check_identities(f"{path}.Identity", target.identity, context.namespaces)
    _check_namespaces(f"{path}.Identity", target.identity, context.namespaces)
    for namespace, expression in target.identity.items():
        if not expression.strip():
            raise InvalidPropertyError(
                f"{path}.Identity.{namespace}",
                "is empty; write an expression such as body.email, or leave it out",
            )
        reads_of(f"{path}.Identity.{namespace}", expression)
    _check_primary(f"{path}.Primary", target)
    return tuple(
        sorted(target.identity.items(), key=lambda item: (item[0] != target.primary, item[0]))
    )


def _check_primary(path: str, target: RouteTargetProperties) -> None:
    """Reject a primary identity that is none of the target's, or that several namespaces lack."""
    if target.primary in target.identity or not (target.primary or len(target.identity) > 1):
        return
    match sorted(target.identity):
        case []:
            reason = "needs an Identity with this namespace; without one, leave Primary out"
        case [only]:
            reason = f"must be {only}, the only namespace of Identity; or leave Primary out"
        case namespaces if target.primary:
            reason = f"must be one of {', '.join(namespaces)}"
        case namespaces:
            reason = f"is missing; with several namespaces, write one of {', '.join(namespaces)}"
    raise InvalidPropertyError(path, reason)


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
