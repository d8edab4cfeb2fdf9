"""Find properties of a route or a source that are indented as if they were part of a message."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from bridge.errors import InvalidPropertyError
from bridge.provisioning.property_parsing import names_of
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.route_properties import RouteProperties

_OF_A_ROUTE: Final = names_of(RouteProperties)
_OF_A_SOURCE: Final = names_of(SourceProperties)


def check_fields(path: str, template: Any, schema: Mapping[str, Any] | None) -> None:
    """Check that no field of a Map is a property of its route or source.

    XDM has no field with such a name at the top: those of an organization are below its tenant.

    Args:
        path: of the Map.
        template: the Map.
        schema: of the dataset; None if it is unknown, and then only the top is checked.

    Raises:
        InvalidPropertyError: names the path of the first one.
    """
    for place, name in _misplaced(template, schema or {}, is_top=True):
        raise InvalidPropertyError(f"{path}.{place}", _way_out(name, "Map", "field of the message"))


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


def _way_out(name: str, within: str, what: str) -> str:
    if name in _OF_A_ROUTE:
        return f"is a property of the route and no {what}; indent it as {within} is"
    return f"is a property of the source and no {what}; indent it as Routes is"


def _misplaced(
    template: Any, schema: Mapping[str, Any], *, is_top: bool
) -> Iterator[tuple[str, str]]:
    """The path and the name of each such field."""
    fields = schema.get("properties")
    known = fields if isinstance(fields, Mapping) else {}
    if not isinstance(template, dict) or not (known or is_top):
        return
    for name, each in template.items():
        if name not in known and name in _OF_A_ROUTE | _OF_A_SOURCE:
            yield name, name
        below = known.get(name)
        if isinstance(below, Mapping):
            for place, inner in _misplaced(each, below, is_top=False):
                yield f"{name}.{place}", inner
