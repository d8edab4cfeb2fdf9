"""Find what is written as a field of a message, and belongs elsewhere.

These are properties of a route or a source that are indented too deep, identities, and the parts of
Adobe's streaming envelope, which the bridge adds.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from bridge.errors import InvalidPropertyError
from bridge.messages.declared_namespaces import IDENTITY_MAP
from bridge.provisioning.property_parsing import names_of
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.route_properties import RouteProperties

_OF_A_ROUTE: Final = names_of(RouteProperties)
_OF_A_SOURCE: Final = names_of(SourceProperties)
# https://experienceleague.adobe.com/en/docs/experience-platform/ingestion/tutorials/streaming-record-data
_ENVELOPE: Final = frozenset({"body", "header", "xdmEntity", "xdmMeta"})
_WITHIN_IT: Final = {
    "body": frozenset({"xdmEntity", "xdmMeta"}),
    "header": frozenset({"datasetId", "flowId", "imsOrgId", "schemaRef", "source"}),
}
_IDENTITIES: Final = (
    "identities are written in Identity, beside Map, such as Identity: {Email: lower(body.email)}"
)


def check_fields(path: str, template: Any, schema: Mapping[str, Any] | None) -> None:
    """Check that no field of a Map is something else than a field.

    XDM has no field with such a name at the top: those of an organization are below its tenant.
    Below it, only a property of a route is one that is indented too deep: others, such as `Name`,
    are likely to be misspelled fields.

    Args:
        path: of the Map.
        template: the Map.
        schema: of the dataset; None if it is unknown.

    Raises:
        InvalidPropertyError: names the path of the first one.
    """
    fields = (schema or {}).get("properties")
    known = fields if isinstance(fields, Mapping) else {}
    for name, value in template.items() if isinstance(template, dict) else ():
        if reason := _no_field(name, value, known):
            raise InvalidPropertyError(f"{path}.{name}", reason)
        for place, inner in _of_a_route(value, known.get(name)):
            reason = _way_out(inner, "Map", "field of the message")
            raise InvalidPropertyError(f"{path}.{name}.{place}", reason)


def check_identity_map(path: str, template: Any, given: Mapping[str, str]) -> None:
    """Check that a Map beside an Identity has no identities of its own, which would be lost.

    Args:
        path: of the Map.
        template: the Map.
        given: the expressions of the Identity by namespace; empty without one.

    Raises:
        InvalidPropertyError: names the path of the identities.
    """
    if not given or not isinstance(template, dict) or IDENTITY_MAP not in template:
        return
    identities = template[IDENTITY_MAP]
    others = identities.keys() - given.keys() if isinstance(identities, dict) else set()
    reason = "is replaced by Identity, beside Map; write its namespaces there"
    if others:
        named = ", ".join(f"{each}: {_expression(identities[each])}" for each in sorted(others))
        primary = " and a Primary" if len(given) == 1 else ""
        reason = f"is replaced by Identity, beside Map; add {named}{primary} there"
    raise InvalidPropertyError(f"{path}.{IDENTITY_MAP}", f"{reason}, and remove {IDENTITY_MAP}")


def _expression(identities: Any) -> str:
    match identities:
        case [{"id": str(expression)}]:
            return expression
    return "…"


def check_identities(path: str, given: Iterable[str], known: Collection[str]) -> None:
    """Check that no namespace of an Identity is a property of its route.

    Args:
        path: of the Identity.
        given: its namespaces.
        known: those of the sandbox; empty if they are unknown.

    Raises:
        InvalidPropertyError: names the path of the first one.
    """
    for name in given:
        if name in _OF_A_ROUTE and name not in known:
            raise InvalidPropertyError(
                f"{path}.{name}", _way_out(name, "Identity", "identity namespace")
            )


def _no_field(name: str, value: Any, known: Mapping[str, Any]) -> str:
    """Why a name at the top of a Map is no field; empty if it may be one.

    Args:
        name: of the field.
        value: its template.
        known: fields of the schema; empty if they are unknown.
    """
    if name in known:
        return ""
    if name.startswith(f"{IDENTITY_MAP}."):
        return _IDENTITIES
    if known and name.casefold() in {"identities", "identity"} and name not in _OF_A_ROUTE:
        return f"the schema has no such field; {_IDENTITIES}"
    within = value if isinstance(value, dict) else {}
    if name in _ENVELOPE and (name not in _WITHIN_IT or _WITHIN_IT[name] & within.keys()):
        return (
            "the bridge adds Adobe's streaming envelope, and Map is its xdmEntity: write the fields"
            f" of xdmEntity directly below Map, without {name}"
        )
    if name in _OF_A_ROUTE | _OF_A_SOURCE:
        return _way_out(name, "Map", "field of the message")
    return ""


def _way_out(name: str, within: str, what: str) -> str:
    if name in _OF_A_ROUTE:
        return f"is a property of the route and no {what}; indent it as {within} is"
    return f"is a property of the source and no {what}; indent it as Routes is"


def _of_a_route(template: Any, schema: Any) -> Iterator[tuple[str, str]]:
    """The path and the name of each property of a route below a field; none without a schema."""
    known = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(template, dict) or not isinstance(known, Mapping):
        return
    fields = {name.casefold() for name in known}
    for name, each in template.items():
        if name in _OF_A_ROUTE and name.casefold() not in fields:
            yield name, name
        for place, inner in _of_a_route(each, known.get(name)):
            yield f"{name}.{place}", inner
