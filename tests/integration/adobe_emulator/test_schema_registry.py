"""The emulated Schema Registry: schemas, field groups and identity descriptors of the tenant."""

from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.support.adobe_client import CONTENT_TYPE, Client

PATH = "/schemaregistry"
EVENT = "https://ns.adobe.com/xdm/context/experienceevent"
PROFILE = "https://ns.adobe.com/xdm/context/profile"
COMMERCE = "https://ns.adobe.com/xdm/context/experienceevent-commerce"
LOOKUP = "application/vnd.adobe.xed+json; version=1"
FULL = "application/vnd.adobe.xed-full-notext+json; version=1"
LIST = "application/vnd.adobe.xed+json"
DESCRIPTORS = "application/vnd.adobe.xdm-v2+json"
FIELDS = {"order": {"type": "object", "properties": {"id": {"type": "string"}}}}


def group(title: str = "Order fields", **changes: Any) -> dict[str, Any]:
    """The body of a field group."""
    namespace = {"_emulated": {"type": "object", "properties": FIELDS}}
    return {
        "type": "object",
        "title": title,
        "description": "Ours.",
        "meta:intendedToExtend": [EVENT],
        "definitions": {"customFields": {"type": "object", "properties": namespace}},
        "allOf": [{"$ref": "#/definitions/customFields"}],
        **changes,
    }


def schema(*parts: str, title: str = "Orders", **changes: Any) -> dict[str, Any]:
    """The body of a schema."""
    references = [{"$ref": each} for each in (EVENT, *parts)]
    common = {"type": "object", "title": title, "description": "Ours."}
    return {**common, "allOf": references, **changes}


def identity(schema_id: str, **changes: Any) -> dict[str, Any]:
    """The body of an identity descriptor."""
    return {
        "@type": "xdm:descriptorIdentity",
        "xdm:sourceSchema": schema_id,
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/_emulated/order/id",
        "xdm:namespace": "Email",
        "xdm:property": "xdm:code",
        "xdm:isPrimary": True,
        **changes,
    }


def create(client: Client, kind: str, body: dict[str, Any]) -> str:
    answer = client.platform("POST", f"{PATH}/tenant/{kind}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["$id" if "$id" in answer.json() else "@id"])


def at(kind: str, object_id: str) -> str:
    return f"{PATH}/tenant/{kind}/{quote(object_id, safe='')}"


def read(client: Client, kind: str, object_id: str, accept: str = LOOKUP) -> requests.Response:
    return client.platform("GET", at(kind, object_id), headers={"Accept": accept})


def patch(client: Client, kind: str, object_id: str, *operations: Any) -> requests.Response:
    return client.platform("PATCH", at(kind, object_id), json=list(operations))


def with_dataset(client: Client, schema_id: str, **more: Any) -> requests.Response:
    reference = {"id": schema_id, "contentType": CONTENT_TYPE}
    body = {"name": "Orders", "schemaRef": reference, **more}
    return client.platform("POST", "/catalog/dataSets", json=body)


@pytest.fixture
def made(client: Client) -> tuple[str, str]:
    """A field group and a schema with it."""
    group_id = create(client, "fieldgroups", group())
    return group_id, create(client, "schemas", schema(COMMERCE, group_id))


def test_schema_resolves_its_class_and_field_groups(client: Client, made: tuple[str, str]) -> None:
    group_id, schema_id = made
    raw = read(client, "schemas", schema_id).json()
    full = read(client, "schemas", schema_id, FULL).json()

    assert raw["meta:class"] == EVENT
    assert raw["meta:altId"] == f"_emulated.schemas.{schema_id.rpartition('/')[2]}"
    assert set(raw["meta:extends"]) >= {EVENT, COMMERCE, group_id}
    assert {"_id", "timestamp", "commerce", "_emulated"} <= full["properties"].keys()
    assert full["properties"]["_emulated"]["properties"] == FIELDS
    assert "allOf" not in full
    assert client.platform("GET", f"{PATH}/stats").json()["tenantId"] == "emulated"


def test_resources_are_found_by_title(client: Client, made: tuple[str, str]) -> None:
    query = f"?property={quote('title==Orders', safe='')}"
    path = f"{PATH}/tenant/schemas{query}"
    found = client.platform("GET", path, headers={"Accept": LIST}).json()

    assert [each["$id"] for each in found["results"]] == [made[1]]
    assert client.platform("GET", path, headers={"Accept": LOOKUP}).status_code == 400
    assert read(client, "schemas", made[1], LIST).status_code == 406


@pytest.mark.parametrize(
    "body",
    [
        group("Orders"),
        group(definitions={"customFields": {"properties": FIELDS}}),
        group() | {"meta:intendedToExtend": []},
        group(description=None),
        group(colour="red"),
    ],
)
def test_malformed_field_group_is_rejected(
    client: Client, made: tuple[str, str], body: dict[str, Any]
) -> None:
    assert client.platform("POST", f"{PATH}/tenant/fieldgroups", json=body).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        schema(),
        schema(title="Other", allOf=[{"$ref": COMMERCE}]),
        schema(title="Other", allOf=[{"$ref": PROFILE}, {"$ref": COMMERCE}]),
        schema("https://ns.adobe.com/emulated/mixins/0", title="Other"),
        schema(title="Other", **{"meta:class": PROFILE, "colour": "red"}),
    ],
)
def test_malformed_schema_is_rejected(
    client: Client, made: tuple[str, str], body: dict[str, Any]
) -> None:
    """Titles are unique, the class is first, and field groups extend it."""
    assert client.platform("POST", f"{PATH}/tenant/schemas", json=body).status_code == 400


def test_schema_in_use_accepts_only_additive_changes(client: Client, made: tuple[str, str]) -> None:
    group_id, schema_id = made
    place = "/definitions/customFields/properties/_emulated/properties"
    retype = {"op": "replace", "path": f"{place}/order/properties/id/type", "value": "integer"}
    drop = {"op": "remove", "path": f"{place}/order"}
    leave = {"op": "remove", "path": "/allOf/1"}
    add = {"op": "add", "path": f"{place}/total", "value": {"type": "number"}}
    assert patch(client, "fieldgroups", group_id, retype).status_code == 200
    back = retype | {"value": "string"}
    assert patch(client, "fieldgroups", group_id, back).status_code == 200

    assert with_dataset(client, schema_id).status_code == 201
    assert patch(client, "fieldgroups", group_id, retype).status_code == 400
    assert patch(client, "fieldgroups", group_id, drop).status_code == 400
    assert patch(client, "schemas", schema_id, leave).status_code == 400
    assert patch(client, "fieldgroups", group_id, add).status_code == 200
    full = read(client, "schemas", schema_id, FULL).json()
    assert full["properties"]["_emulated"]["properties"]["total"] == {"type": "number"}
    assert client.platform("DELETE", at("schemas", schema_id)).status_code == 400
    assert client.platform("DELETE", at("fieldgroups", group_id)).status_code == 400


def test_unused_schema_is_deleted(client: Client, made: tuple[str, str]) -> None:
    group_id, schema_id = made

    assert client.platform("DELETE", at("fieldgroups", group_id)).status_code == 400
    assert client.platform("DELETE", at("schemas", schema_id)).status_code == 204
    assert client.platform("DELETE", at("fieldgroups", group_id)).status_code == 204
    assert read(client, "schemas", schema_id).status_code == 404


def test_profile_needs_an_identity_a_union_and_then_a_dataset(client: Client) -> None:
    group_id = create(client, "fieldgroups", group() | {"meta:intendedToExtend": [PROFILE]})
    references = [{"$ref": PROFILE}, {"$ref": group_id}]
    schema_id = create(client, "schemas", schema(allOf=references))
    union = {"op": "add", "path": "/meta:immutableTags", "value": ["union"]}
    tags = {"unifiedProfile": ["enabled:true"]}
    assert with_dataset(client, schema_id, tags=tags).status_code == 400
    assert patch(client, "schemas", schema_id, union).status_code == 400

    create(client, "descriptors", identity(schema_id))
    assert patch(client, "schemas", schema_id, union).status_code == 200
    assert with_dataset(client, schema_id, tags=tags).status_code == 201
    removal = {"op": "remove", "path": "/meta:immutableTags"}
    assert patch(client, "schemas", schema_id, removal).status_code == 400


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"xdm:sourceProperty": "/_emulated/order"}, 400),
        ({"xdm:sourceProperty": "_emulated/order/id"}, 400),
        ({"xdm:namespace": "Nothing"}, 400),
        ({"xdm:sourceVersion": "1"}, 400),
        ({"xdm:sourceSchema": "https://ns.adobe.com/emulated/schemas/0"}, 400),
        ({}, 409),
    ],
)
def test_wrong_descriptor_is_rejected(
    client: Client, made: tuple[str, str], change: dict[str, Any], status: int
) -> None:
    create(client, "descriptors", identity(made[1]))
    body = identity(made[1], **change)

    answer = client.platform("POST", f"{PATH}/tenant/descriptors", json=body)
    assert answer.status_code == status


def test_descriptors_are_listed_in_pages_replaced_and_deleted(
    client: Client, made: tuple[str, str]
) -> None:
    schema_id = made[1]
    descriptor_id = create(client, "descriptors", identity(schema_id))
    query = f"?property={quote(f'xdm:sourceSchema=={schema_id}', safe='')}&orderby=%40id&limit=9"
    path = f"{PATH}/tenant/descriptors"

    def listed() -> Any:
        return client.platform("GET", path + query, headers={"Accept": DESCRIPTORS}).json()

    assert [each["@id"] for each in listed()["results"]] == [descriptor_id]
    other = identity(schema_id, **{"xdm:namespace": "Phone"})
    assert client.platform("PUT", f"{path}/{descriptor_id}", json=other).status_code == 201
    assert listed()["results"][0]["xdm:namespace"] == "Phone"
    assert client.platform("DELETE", f"{path}/{descriptor_id}").status_code == 204
    assert listed()["results"] == []
    assert client.platform("DELETE", f"{path}/{descriptor_id}").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"classes/{quote(EVENT, safe='')}", 200),
        (f"fieldgroups/{quote(COMMERCE, safe='')}", 200),
        (f"fieldgroups/{quote(EVENT, safe='')}", 404),
        ("fieldgroups/nothing", 404),
    ],
)
def test_components_of_adobe_are_read(client: Client, path: str, status: int) -> None:
    answer = client.platform("GET", f"{PATH}/global/{path}", headers={"Accept": FULL})

    assert answer.status_code == status
