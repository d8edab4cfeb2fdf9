"""Create, read, change and delete schemas and field groups of the tenant.

https://experienceleague.adobe.com/en/docs/experience-platform/xdm/api/schemas
https://experienceleague.adobe.com/en/docs/experience-platform/xdm/api/field-groups
https://experienceleague.adobe.com/en/docs/experience-platform/xdm/api/descriptors
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.adobe.platform_responses import read_object
from bridge.adapters.adobe.schema_documents import (
    field_group_document,
    field_group_item,
    registry_operations,
    schema_document,
    schema_item,
)
from bridge.errors import AdobeError
from bridge.ports.adobe import ComponentKind, SchemaKind

_REGISTRY: Final = "data/foundation/schemaregistry"
# A lookup names the major version and a list does not; other values are errors.
_LOOKUP: Final = "application/vnd.adobe.xed+json; version=1"
_RESOLVED: Final = "application/vnd.adobe.xed-full-notext+json; version=1"
_LIST: Final = "application/vnd.adobe.xed+json"
# The form with pages; `xdm+json` has none.
_DESCRIPTORS: Final = "application/vnd.adobe.xdm-v2+json"
_DESCRIPTORS_PATH: Final = f"{_REGISTRY}/tenant/descriptors"
_IDENTITY: Final = "xdm:descriptorIdentity"
_IDENTITIES: Final = "/identities/"
_PAGE: Final = 100
# A sandbox has 4,000 descriptors at most.
_MOST_PAGES: Final = 40


class AdobeSchemaLibrary:
    """The port `SchemaLibrary`."""

    def __init__(self, platform: AdobePlatform) -> None:
        self._platform = platform
        self._tenant = ""

    def tenant(self) -> str:
        """The ID of the tenant, read once. Raises AdobeError."""
        if not self._tenant:
            doing = "read the tenant ID"
            found = self._platform.read_page(f"{_REGISTRY}/stats", doing).get("tenantId")
            if not isinstance(found, str) or not found:
                raise AdobeError(f"Adobe returned none to {doing}", status=None, retryable=True)
            self._tenant = found
        return self._tenant

    def component(self, kind: ComponentKind, component_id: str) -> dict[str, Any] | None:
        """A class or field group with references resolved, or None. Raises AdobeError."""
        is_own = component_id.startswith(f"https://ns.adobe.com/{self.tenant()}/")
        container = "tenant" if is_own else "global"
        path = f"{_REGISTRY}/{container}/{kind}/{quote(component_id, safe='')}"
        return self._platform.read(path, f"read {component_id}", _RESOLVED)

    def create(self, kind: SchemaKind, body: Mapping[str, Any]) -> str:
        """Create a schema or field group and return its `$id`; never retried. Raises AdobeError."""
        doing = f"create the {_NAMES[kind]} {body['name']}"
        if kind == "schemas":
            document = schema_document(body)
        else:
            document = field_group_document(body, self.tenant())
        path = f"{_REGISTRY}/tenant/{kind}"
        response = self._platform.request("POST", path, doing, document, creates=True)
        found = read_object(response, doing).get("$id")
        if not isinstance(found, str):
            raise AdobeError(f"Adobe returned no $id to {doing}", status=None, retryable=True)
        return found

    def get(self, kind: SchemaKind, object_id: str) -> dict[str, Any] | None:
        """A schema with its identities, or a field group; None if missing. Raises AdobeError."""
        doing = f"read {_NAMES[kind]} {object_id}"
        document = self._platform.read(_path(kind, object_id), doing, _LOOKUP)
        return None if document is None else self._item(kind, document)

    def named(self, kind: SchemaKind, name: str) -> list[dict[str, Any]]:
        """Those with this title, which is unique in a sandbox. Raises AdobeError."""
        path = f"{_REGISTRY}/tenant/{kind}?property={quote(f'title=={name}', safe='')}"
        found = self._platform.read_page(path, f"list {_NAMES[kind]}s", _LIST).get("results")
        return [
            self._item(kind, document)
            for document in (found if isinstance(found, list) else ())
            if isinstance(document, dict) and document.get("title") == name
        ]

    def patch(
        self, kind: SchemaKind, object_id: str, operations: Sequence[Mapping[str, Any]]
    ) -> None:
        """Change a schema or field group; the API has no ETag. Raises AdobeError."""
        doing = f"change {_NAMES[kind]} {object_id}"
        tenant = self.tenant() if kind == "fieldgroups" else ""
        pending: list[Mapping[str, Any]] = []
        for operation in operations:
            if operation["path"].startswith(_IDENTITIES):
                self._send(kind, object_id, pending, doing)
                self._identify(operation)
            else:
                pending += registry_operations(operation, tenant)
        self._send(kind, object_id, pending, doing)

    def delete(self, kind: SchemaKind, object_id: str) -> bool:
        """Delete a field group, or a schema with its identities; False if it does not exist.

        Whether Adobe deletes the descriptors of a deleted schema is not documented.

        Raises:
            AdobeError: such as that a dataset uses it.
        """
        doing = f"delete {_NAMES[kind]} {object_id}"
        response = self._platform.request("DELETE", _path(kind, object_id), doing)
        if kind == "schemas":
            for descriptor in self._identities(object_id):
                path = f"{_DESCRIPTORS_PATH}/{quote(str(descriptor['@id']), safe='')}"
                self._platform.request("DELETE", path, f"delete an identity of {object_id}")
        return response.status_code != HTTPStatus.NOT_FOUND

    def _send(
        self, kind: SchemaKind, object_id: str, pending: list[Mapping[str, Any]], doing: str
    ) -> None:
        if pending:
            # Adding to a list twice is no repetition, so the caller reads before it tries again.
            path = _path(kind, object_id)
            self._platform.request("PATCH", path, doing, [*pending], creates=True)
            pending.clear()

    def _identify(self, operation: Mapping[str, Any]) -> None:
        """Create an identity descriptor, or replace one."""
        value = operation["value"]
        doing = f"make {value['xdm:sourceProperty']} an identity of {value['xdm:sourceSchema']}"
        if operation["op"] == "add":
            self._platform.request("POST", _DESCRIPTORS_PATH, doing, value, creates=True)
            return
        descriptor_id = quote(operation["path"].removeprefix(_IDENTITIES), safe="")
        self._platform.request("PUT", f"{_DESCRIPTORS_PATH}/{descriptor_id}", doing, value)

    def _item(self, kind: SchemaKind, document: Mapping[str, Any]) -> dict[str, Any]:
        if kind == "fieldgroups":
            return field_group_item(document, self.tenant())
        return schema_item(document, self._identities(str(document.get("$id"))))

    def _identities(self, schema_id: str) -> list[dict[str, Any]]:
        """The identity descriptors of a schema, from all pages."""
        doing = f"list the identities of {schema_id}"
        query = f"property={quote(f'xdm:sourceSchema=={schema_id}', safe='')}"
        path = f"{_DESCRIPTORS_PATH}?{query}&orderby=%40id&limit={_PAGE}"
        found: list[dict[str, Any]] = []
        start = ""
        for _ in range(_MOST_PAGES):
            page = self._platform.read_page(f"{path}{start}", doing, _DESCRIPTORS)
            found += [
                each
                for each in page.get("results") or ()
                if each.get("@type") == _IDENTITY and each.get("xdm:sourceSchema") == schema_id
            ]
            more = (page.get("_page") or {}).get("next")
            if not more:
                break
            start = f"&start={quote(str(more), safe='')}"
        return found


_NAMES: Final[Mapping[SchemaKind, str]] = {"schemas": "schema", "fieldgroups": "field group"}


def _path(kind: SchemaKind, object_id: str) -> str:
    return f"{_REGISTRY}/tenant/{kind}/{quote(object_id, safe='')}"
