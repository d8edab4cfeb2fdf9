"""Read the type of a sandbox.

https://experienceleague.adobe.com/en/docs/experience-platform/sandbox/api/sandboxes
"""

from typing import Final
from urllib.parse import quote

from bridge.adapters.adobe.platform import AdobePlatform
from bridge.errors import AdobeError
from bridge.telemetry import logger

_PATH: Final = "data/foundation/sandbox-management/sandboxes"


class AdobeSandboxes:
    """The port `Sandboxes`."""

    def __init__(self, platform: AdobePlatform) -> None:
        self._platform = platform

    def type_of(self, name: str) -> str:
        """`development` or `production`; empty if Adobe does not tell."""
        path = f"{_PATH}/{quote(name, safe='')}"
        try:
            found = self._platform.read_page(path, f"read sandbox {name}").get("type")
        except AdobeError as exc:
            logger.warning("the sandbox cannot be read", extra={"reason": str(exc)})
            return ""
        return found if isinstance(found, str) else ""
