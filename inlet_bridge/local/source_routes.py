"""The routes of the local cloud's sources, from events/sources."""

from typing import Any

import yaml

from inlet_bridge.local.workspace import SOURCES

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
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    routes: list[dict[str, Any]] = document["Routes"]
    return routes
