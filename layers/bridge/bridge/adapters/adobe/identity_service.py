"""Read the identity namespaces of the sandbox from Adobe's Identity Service.

https://experienceleague.adobe.com/en/docs/experience-platform/identity/api/list-namespaces
"""

from typing import Final

from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.adobe.platform_responses import read_json
from bridge.errors import AdobeError

_PATH: Final = "data/core/idnamespace/identities"


class AdobeIdentityService:
    """The port `IdentityNamespaces`."""

    def __init__(self, platform: AdobePlatform) -> None:
        self._platform = platform

    def codes(self) -> tuple[str, ...]:
        """The codes of all namespaces, standard and custom ones. Raises AdobeError."""
        doing = "list identity namespaces"
        response = self._platform.request("GET", _PATH, doing)
        found = read_json(response, doing)
        if not isinstance(found, list):
            raise AdobeError(
                f"Adobe answered the request to {doing} with something that is no list",
                status=response.status_code,
                retryable=False,
            )
        codes = (item.get("code") for item in found if isinstance(item, dict))
        return tuple(code for code in codes if isinstance(code, str) and code)
