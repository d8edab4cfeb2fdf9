"""The routes of the local cloud's sources, from events/sources."""

from typing import Any

from inlet_bridge.local.workspace import SOURCES
from inlet_bridge.template_reading.declared_resources import DeclaredResources

ANY_PROVIDER = "any-provider"
"""The file for providers without one, and for a dataset without the tenant's field group."""


def routes_of(provider: str, *, has_tenant_fields: bool) -> list[dict[str, Any]]:
    """The routes for a provider.

    Args:
        provider: the preset.
        has_tenant_fields: whether the schema is that of the emulated Adobe, with its field group.
    """
    path = SOURCES / f"{provider}.yaml"
    if not has_tenant_fields or not path.is_file():
        path = SOURCES / f"{ANY_PROVIDER}.yaml"
    [source] = DeclaredResources(path, deployed={"Stage": "local"}).all()
    routes: list[dict[str, Any]] = source.properties["Routes"]
    return routes
