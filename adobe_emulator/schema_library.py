"""The schemas, field groups and descriptors that the tenant creates.

Sources: the Schema Registry OpenAPI file, "Schemas endpoint", "Schema field groups endpoint",
"Descriptors endpoint", "XDM System troubleshooting guide" (unique titles, the namespace of custom
fields), "Basics of schema composition" (only additive changes once a dataset exists). What else is
checked here, and the statuses other than those of the troubleshooting guide, are guesses.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adobe_emulator.clock import Clock
from adobe_emulator.identifiers import Identifiers
from adobe_emulator.json_patch import patched_document
from adobe_emulator.platform_errors import bad_request, missing
from adobe_emulator.schema_rules import (
    check_additive,
    check_field_group,
    check_schema,
    references,
)
from adobe_emulator.settings import Tenant
from adobe_emulator.xdm_components import behavior_of, merged, recorded, resolved

type Document = dict[str, Any]
_RAW = {"allOf", "definitions"}
_READ_ONLY = {"$id", "meta:altId", "version", "meta:containerId", "meta:class", "imsOrg"}


class SchemaLibrary:
    """What the tenant created, and Adobe's own components.

    Args:
        schemas: of the Schema Registry, resolved; a schema that is created is added there.
        uses: the datasets of a schema.

    Attributes:
        created: schemas and field groups by `$id`, in the order of their creation.
        descriptors: by `@id`.
    """

    def __init__(
        self,
        tenant: Tenant,
        schemas: dict[str, Mapping[str, Any]],
        uses: Callable[[str], bool],
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self._tenant = tenant
        self._schemas = schemas
        self._uses = uses
        self._clock = clock
        self._identifiers = identifiers
        self.created: dict[str, Document] = {}
        self.descriptors: dict[str, Document] = {}

    def all(self, kind: str) -> list[Document]:
        """All that the tenant created of a kind: `schemas` or `fieldgroups`."""
        return [each for each in self.created.values() if _kind(each) == kind]

    def find(self, kind: str, identifier: str) -> Document | None:
        """By `$id` or `meta:altId`."""
        return next(
            (each for each in self.all(kind) if identifier in (each["$id"], each["meta:altId"])),
            None,
        )

    def create(self, kind: str, body: Any) -> Document:
        """Store a new schema or field group. Raises RefusedError."""
        self._check(kind, body)
        segment = "schemas" if kind == "schemas" else "mixins"
        number = self._identifiers.schema()
        tenant = self._tenant.tenant_id
        document = {
            **body,
            "$id": f"https://ns.adobe.com/{tenant}/{segment}/{number}",
            "meta:altId": f"_{tenant}.{segment}.{number}",
            "meta:resourceType": segment,
            "meta:containerId": "tenant",
            "meta:tenantNamespace": f"_{tenant}",
            "imsOrg": self._tenant.org_id,
            "version": "1.0",
            "meta:registryMetadata": {"repo:createdDate": self._clock.milliseconds()},
        }
        self._store(kind, document)
        return document

    def patch(self, kind: str, identifier: str, operations: Any) -> Document:
        """Change a schema or field group. Raises RefusedError."""
        before = self._require(kind, identifier)
        after = patched_document(before, operations)
        if any(after.get(name) != before.get(name) for name in _READ_ONLY):
            raise bad_request("the patch changes a member that is read-only")
        self._check(kind, after, but=before["$id"])
        if self._is_used(kind, before):
            check_additive(before, after)
        major, _, minor = before["version"].partition(".")
        after["version"] = f"{major}.{int(minor) + 1}"
        self._store(kind, after)
        return after

    def delete(self, kind: str, identifier: str) -> None:
        """Delete a schema or field group that nothing uses. Raises RefusedError."""
        document = self._require(kind, identifier)
        if self._is_used(kind, document):
            raise bad_request("a dataset uses it, or it is enabled for Profile")
        if kind == "fieldgroups" and any(
            document["$id"] in references(each) for each in self.all("schemas")
        ):
            raise bad_request("a schema uses the field group")
        del self.created[document["$id"]]
        self._schemas.pop(document["$id"], None)

    def knows(self, schema_id: str) -> bool:
        """Whether there is a schema."""
        return schema_id in self._schemas

    def has_identity(self, schema_id: str) -> bool:
        """Whether a schema has a primary identity or an identity map."""
        schema = self._schemas.get(schema_id, {})
        has_map = "identityMap" in schema.get("properties", {})
        return has_map or bool(self.primary_field(schema_id))

    def primary_field(self, schema_id: str) -> str:
        """The path of a schema's primary identity, as `/a/b`; empty without one."""
        return next(
            (
                str(each["xdm:sourceProperty"])
                for each in self.descriptors.values()
                if each["xdm:sourceSchema"] == schema_id and each.get("xdm:isPrimary")
            ),
            "",
        )

    def is_enabled_for_profile(self, schema_id: str) -> bool:
        """Whether a schema has the union tag; one that was not created here has it."""
        document = self.created.get(schema_id)
        return document is None or "union" in document.get("meta:immutableTags", ())

    def component(self, kind: str, component_id: str) -> Document:
        """A class or a field group, resolved. Raises RefusedError."""
        if component_id in recorded():
            found = resolved(component_id)
            if (kind == "classes") == (behavior_of(component_id) is not None):
                return found
        elif kind == "fieldgroups" and (group := self.find(kind, component_id)):
            known = {name: each for name, each in group.items() if name not in _RAW}
            return known | self._fields_of(group)
        raise missing(f"Object {component_id} with version 1 not found")

    def _check(self, kind: str, body: Any, but: str = "") -> None:
        if kind == "fieldgroups":
            check_field_group(body, f"_{self._tenant.tenant_id}")
        else:
            check_schema(body, self._extended_classes())
        for other in self.created.values():
            if other["title"] == body["title"] and other["$id"] != but:
                raise bad_request(
                    f"Title must be unique. An object {other['$id']} already exists with the same "
                    "title."
                )
        if "union" in body.get("meta:immutableTags", ()) and not self.has_identity(but):
            raise bad_request("the schema needs a primary identity to participate in union")

    def _extended_classes(self) -> dict[str, list[str]]:
        """The classes that each field group extends; an empty list is all of them."""
        own = {each["$id"]: each["meta:intendedToExtend"] for each in self.all("fieldgroups")}
        standard = {
            name: list(each["extends"])
            for name, each in recorded().items()
            if behavior_of(name) is None
        }
        return standard | own

    def _store(self, kind: str, document: Document) -> None:
        if kind == "schemas":
            parts = references(document)
            behavior = behavior_of(parts[0])
            document["meta:class"] = parts[0]
            document["meta:extends"] = [*parts, behavior]
        self.created[document["$id"]] = document
        for schema in self.all("schemas"):
            self._schemas[schema["$id"]] = self._resolved(schema)

    def _resolved(self, schema: Document) -> Document:
        whole: Document = {"type": "object", "properties": {}}
        for part in references(schema):
            whole = merged(
                whole,
                recorded()[part]["schema"]
                if part in recorded()
                else self._fields_of(self.created[part]),
            )
        return {name: each for name, each in schema.items() if name not in _RAW} | whole

    @staticmethod
    def _fields_of(group: Document) -> Document:
        whole: Document = {"type": "object", "properties": {}}
        for definition in group["definitions"].values():
            whole = merged(whole, definition)
        return whole

    def _is_used(self, kind: str, document: Document) -> bool:
        """Whether only additive changes are possible: once a dataset or a union has it."""
        users: Iterator[Document] = (
            each
            for each in self.all("schemas")
            if each["$id"] == document["$id"]
            or (kind == "fieldgroups" and document["$id"] in references(each))
        )
        return any(
            self._uses(each["$id"]) or "union" in each.get("meta:immutableTags", ())
            for each in users
        )

    def _require(self, kind: str, identifier: str) -> Document:
        found = self.find(kind, identifier)
        if found is None:
            raise missing(f"Object {identifier} with version 1 not found")
        return found


def _kind(document: Document) -> str:
    return "schemas" if document["meta:resourceType"] == "schemas" else "fieldgroups"
