"""Manage connections and flows in Adobe's Flow Service.

https://developer.adobe.com/experience-platform-apis/references/flow-service/
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from bridge.adapters.adobe.platform import AdobePlatform

_PATH = "data/foundation/flowservice"


class AdobeFlowService:
    """The port `FlowService`."""

    def __init__(self, platform: AdobePlatform) -> None:
        self._platform = platform

    def create(self, kind: str, body: Mapping[str, Any]) -> str:
        """Create an object and return its id; never retried. Raises AdobeError."""
        doing = f"create one of {kind}"
        return self._platform.create(f"{_PATH}/{kind}", doing, body)

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """An object, or None if it does not exist. Raises AdobeError."""
        doing = f"read {kind}/{object_id}"
        document = self._platform.read(_path(kind, object_id), doing)
        items = _items(document) if document else []
        return items[0] if items else None

    def get_all(self, kind: str, object_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The objects that exist, by their ids, with one request for several.

        Objects that the list lacks are read separately: a comma as OR is documented for ids only,
        and an object that seems to be missing would be created again.

        Raises:
            AdobeError: Adobe rejects the request or does not respond.
        """
        found: dict[str, dict[str, Any]] = {}
        if len(object_ids) > 1:
            wanted = set(object_ids)
            listed = self.find(kind, {"id": ",".join(object_ids)})
            found = {item["id"]: item for item in listed if item.get("id") in wanted}
        for object_id in object_ids:
            if object_id not in found and (item := self.get(kind, object_id)) is not None:
                found[object_id] = item
        return found

    def find(self, kind: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """All objects whose properties equal the filters, over all pages. Raises AdobeError."""
        doing = f"list {kind}"
        # Spaces as %20, so quote() and not urlencode(); a repeated `property` means AND.
        query = "&".join(
            f"property={path}=={quote(value, safe='')}" for path, value in filters.items()
        )
        found: list[dict[str, Any]] = []
        token = ""
        seen: set[str] = set()
        while token not in seen:
            seen.add(token)
            page = f"&continuationToken={token}" if token else ""
            document = self._platform.read_page(f"{_PATH}/{kind}?{query}{page}", doing)
            found += _items(document)
            token = _continuation(document)
        return found

    def patch(
        self, kind: str, object_id: str, etag: str, operations: Sequence[Mapping[str, Any]]
    ) -> None:
        """Change an object if its etag still matches, else AdobeError with status 412."""
        doing = f"change {kind}/{object_id}"
        self._platform.request("PATCH", _path(kind, object_id), doing, list(operations), etag=etag)

    def enable(self, flow_id: str) -> None:
        """Enable a flow. Raises AdobeError."""
        path = f"{_path('flows', flow_id)}/action?op=enable"
        self._platform.request("POST", path, f"enable flows/{flow_id}")

    def delete(self, kind: str, object_id: str) -> bool:
        """Delete an object; False if it does not exist. Raises AdobeError."""
        path = _path(kind, object_id)
        response = self._platform.request("DELETE", path, f"delete {kind}/{object_id}")
        return response.status_code != HTTPStatus.NOT_FOUND


def _path(kind: str, object_id: str) -> str:
    return f"{_PATH}/{kind}/{quote(object_id, safe='')}"


def _items(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    items = document.get("items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _continuation(page: Mapping[str, Any]) -> str:
    """The token of the next page, byte for byte as in the link, or an empty string."""
    href = ((page.get("_links") or {}).get("next") or {}).get("href") or ""
    for pair in urlsplit(href).query.split("&"):
        name, _, value = pair.partition("=")
        if name == "continuationToken":
            return value
    return ""
