"""Read the schemas of the tenant from Adobe's Schema Registry.

https://experienceleague.adobe.com/docs/experience-platform/xdm/api/schemas.html
"""

from typing import Any, Final
from urllib.parse import quote

from bridge.adapters.adobe.platform import AdobePlatform

_SCHEMAS: Final = "data/foundation/schemaregistry/tenant/schemas"
# With references resolved and without titles; other `Accept` values return 406.
_RESOLVED: Final = "application/vnd.adobe.xed-full-notext+json; version=1"


class AdobeSchemaRegistry:
    """The port `Schemas`."""

    def __init__(self, platform: AdobePlatform) -> None:
        self._platform = platform

    def get(self, schema_id: str) -> dict[str, Any] | None:
        """A schema by its `$id`, or None if it does not exist. Raises AdobeError."""
        path = f"{_SCHEMAS}/{quote(schema_id, safe='')}"
        return self._platform.read(path, f"read schema {schema_id}", _RESOLVED)
