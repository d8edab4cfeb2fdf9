"""Read the scheduled expirations of datasets from Adobe's Data Hygiene.

https://experienceleague.adobe.com/en/docs/experience-platform/data-lifecycle/api/dataset-expiration
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bridge.adapters.adobe.platform import AdobePlatform
from bridge.ports.adobe import Expiration

_PATH: Final = "data/core/hygiene/ttl"
_PAGE: Final = 100
# A sandbox has few expirations; more than these are not read.
_MAX_PAGES: Final = 10


class AdobeDataHygiene:
    """The port `Expirations`."""

    def __init__(self, platform: AdobePlatform) -> None:
        self._platform = platform

    def open(self) -> Mapping[str, Expiration]:
        """The expirations that are not completed, by dataset. Raises AdobeError."""
        doing = "list expirations of datasets"
        found: dict[str, Expiration] = {}
        for page in range(_MAX_PAGES):
            query = f"status=pending,executing&limit={_PAGE}&page={page}"
            document = self._platform.read(f"{_PATH}?{query}", doing)
            if document is None:
                break
            results = document.get("results")
            for item in results if isinstance(results, list) else ():
                found |= _expiration(item)
            pages = document.get("total_pages")
            if not (isinstance(pages, int) and page + 1 < pages):
                break
        return found


def _expiration(item: Any) -> dict[str, Expiration]:
    """One expiration by its dataset; empty if the item has another form."""
    match item:
        case {"datasetId": str(dataset_id), "status": str(status), "expiry": str(expiry)}:
            try:
                at = datetime.fromisoformat(expiry)
            except ValueError:
                return {}
            return {dataset_id: Expiration(status, at if at.tzinfo else at.replace(tzinfo=UTC))}
    return {}
