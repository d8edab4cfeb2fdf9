"""Manage mapping sets in Adobe's Data Prep.

https://experienceleague.adobe.com/docs/experience-platform/data-prep/api/mapping-set.html
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.adobe.platform_responses import read_object

# One tutorial omits `conversion`; the reference and the others have it.
_PATH: Final = "data/foundation/conversion/mappingSets"
_PAGE: Final = 100


class AdobeDataPrep:
    """The port `MappingSets`."""

    def __init__(self, platform: AdobePlatform) -> None:
        self._platform = platform

    def validate(self, body: Mapping[str, Any]) -> tuple[str, ...]:
        """The problems of a mapping set, as Adobe describes them. Raises AdobeError."""
        doing = "validate the mappings"
        response = self._platform.request("POST", f"{_PATH}/validate", doing, body)
        results = read_object(response, doing).get("validationResponse") or ()
        failed = (each for each in results if each.get("status") != "SUCCESS")
        return tuple(text for each in failed for text in _problems(each))

    def create(self, body: Mapping[str, Any]) -> str:
        """Create a mapping set and return its id; never retried. Raises AdobeError."""
        return self._platform.create(_PATH, "create a mapping set", body)

    def get(self, mapping_set_id: str) -> dict[str, Any] | None:
        """A mapping set, or None if it does not exist. Raises AdobeError."""
        path = f"{_PATH}/{quote(mapping_set_id, safe='')}"
        return self._platform.read(path, f"read mapping set {mapping_set_id}")

    def named(self, name: str) -> list[dict[str, Any]]:
        """All mapping sets of this name, over all pages. Raises AdobeError."""
        found: list[dict[str, Any]] = []
        while True:
            query = f"start={len(found)}&limit={_PAGE}&name={quote(name, safe='')}"
            document = self._platform.read_page(f"{_PATH}?{query}", "list mapping sets")
            page = document.get("data") or []
            found += page
            if len(page) < _PAGE:
                return found


def _problems(result: Mapping[str, Any]) -> list[str]:
    errors = result.get("errors") or [{}]
    return [
        f"{error.get('source', 'a mapping')}: {error.get('exception', 'Adobe rejects it')}"
        for error in errors
    ]
