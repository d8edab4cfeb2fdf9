"""Manage datasets in Adobe's Catalog.

https://experienceleague.adobe.com/docs/experience-platform/catalog/api/overview.html
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.adobe.platform_responses import read_json
from bridge.errors import AdobeError

_DATASETS: Final = "data/foundation/catalog/dataSets"
_BATCHES: Final = "data/foundation/catalog/batches"
_REFERENCE: Final = "@/dataSets/"


class AdobeCatalog:
    """The port `Datasets`. Responses of Catalog are objects with ids as keys."""

    def __init__(self, platform: AdobePlatform) -> None:
        self._platform = platform

    def create(self, body: Mapping[str, Any]) -> str:
        """Create a dataset and return its id; never retried. Raises AdobeError."""
        doing = "create a dataset"
        response = self._platform.request("POST", _DATASETS, doing, body, creates=True)
        match read_json(response, doing):
            case [str(reference)] if reference.startswith(_REFERENCE):
                return reference.removeprefix(_REFERENCE)
        raise AdobeError(f"Adobe returned no id to {doing}", status=None, retryable=True)

    def get(self, dataset_id: str) -> dict[str, Any] | None:
        """A dataset, or None if it does not exist. Raises AdobeError."""
        doing = f"read dataset {dataset_id}"
        document = (self._platform.read(_path(dataset_id), doing) or {}).get(dataset_id)
        return {**document, "id": dataset_id} if isinstance(document, dict) else None

    def get_all(self, dataset_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The datasets that exist, by their ids, in one request. Raises AdobeError.

        https://experienceleague.adobe.com/en/docs/experience-platform/catalog/api/look-up-multiple-objects
        does not document the response if one is missing, so then each is read separately.
        """
        if len(dataset_ids) > 1:
            documents = self._platform.read(_path(*dataset_ids), "read datasets") or {}
            if all(isinstance(documents.get(each), dict) for each in dataset_ids):
                return {each: {**documents[each], "id": each} for each in dataset_ids}
        found = {each: self.get(each) for each in dataset_ids}
        return {each: item for each, item in found.items() if item is not None}

    def named(self, name: str) -> list[dict[str, Any]]:
        """All datasets of this name. Raises AdobeError."""
        path = f"{_DATASETS}?name={quote(name, safe='')}"
        documents = self._platform.read_page(path, "list datasets")
        return [
            {**document, "id": dataset_id}
            for dataset_id, document in documents.items()
            if isinstance(document, dict) and document.get("name") == name
        ]

    def holds_data(self, dataset_id: str) -> bool:
        """Whether it has a batch, including failed ones.

        Catalog has a 404 "The batch responses were not found" (OpenAPI file), which is no batch.

        Raises:
            AdobeError: Adobe does not tell.
        """
        doing = f"look for data in dataset {dataset_id}"
        path = f"{_BATCHES}?dataSet={quote(dataset_id, safe='')}&limit=1"
        response = self._platform.request("GET", path, doing)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return False
        batches = read_json(response, doing)
        if not isinstance(batches, dict | list):
            raise AdobeError(
                f"Adobe answered the request to {doing} with something that is no list of batches",
                status=response.status_code,
                retryable=False,
            )
        return bool(batches)

    def delete(self, dataset_id: str) -> bool:
        """Delete a dataset; False if it does not exist. Raises AdobeError."""
        response = self._platform.request(
            "DELETE", _path(dataset_id), f"delete dataset {dataset_id}"
        )
        return response.status_code != HTTPStatus.NOT_FOUND


def _path(*dataset_ids: str) -> str:
    return f"{_DATASETS}/{','.join(quote(each, safe='') for each in dataset_ids)}"
