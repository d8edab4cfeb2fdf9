"""Schemas, field groups and identities on a socket, and the requests in Adobe's own OpenAPI file.

The file is wrong in three places, which its own examples and the pages contradict: the value of a
JSON Patch and `xdm:sourceVersion` are not always texts, and PUT of a descriptor answers 201.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
from jsonschema import Draft4Validator

from adobe_emulator.emulator import Adobe
from adobe_emulator.server import serving
from adobe_emulator.settings import Tenant
from bridge.adapters.adobe.ims import ImsTokens
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.adobe.schema_library import AdobeSchemaLibrary
from bridge.adapters.http.connections import connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError
from tests.support.adobe_openapi import specification, where_they_are
from tests.support.fakes import FakeClock
from tests.support.technical_account import credentials_of

TENANT = Tenant(datasets={}, schemas={})
CREDENTIALS = credentials_of(TENANT)
PREFIX = "/data/foundation/schemaregistry"
EVENT = "https://ns.adobe.com/xdm/context/experienceevent"
COMMERCE = "https://ns.adobe.com/xdm/context/experienceevent-commerce"
GROUP: dict[str, Any] = {
    "name": "Order fields",
    "description": "Ours.",
    "classes": [EVENT],
    "fields": {"id": {"type": "string"}, "mail": {"type": "string"}},
}


class RecordingSession(requests.Session):
    """Keeps what was sent and answered."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.seen: list[requests.Response] = []

    def request(self, *args: Any, **options: Any) -> requests.Response:
        response = super().request(*args, **options)
        self.seen.append(response)
        return response


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with serving(tenant=TENANT) as adobe:
        yield adobe


@pytest.fixture
def session() -> Iterator[RecordingSession]:
    with RecordingSession() as session:
        yield session


@pytest.fixture
def library(adobe: Adobe, session: RecordingSession) -> AdobeSchemaLibrary:
    budget = RetryBudget(lambda _: None)
    tokens = ImsTokens(connections(), adobe.url, lambda: CREDENTIALS, FakeClock(), budget)
    platform = AdobePlatform(session, adobe.url, tokens, lambda: CREDENTIALS, budget)
    return AdobeSchemaLibrary(platform)


def schema(group_id: str) -> dict[str, Any]:
    return {"name": "Orders", "description": "Ours.", "class": EVENT, "parts": [EVENT, group_id]}


def identity(schema_id: str, path: str, namespace: str = "Email") -> dict[str, Any]:
    return {
        "@type": "xdm:descriptorIdentity",
        "xdm:sourceSchema": schema_id,
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": path,
        "xdm:namespace": namespace,
        "xdm:property": "xdm:code",
        "xdm:isPrimary": path.endswith("mail"),
    }


def add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


def whole_life(library: AdobeSchemaLibrary) -> None:
    """Create, change, list and delete everything once."""
    group_id = library.create("fieldgroups", GROUP)
    schema_id = library.create("schemas", schema(group_id))
    library.patch("fieldgroups", group_id, [add("/fields/total", {"type": "number"})])
    mail, other = (identity(schema_id, f"/_emulated/{name}") for name in ("mail", "id"))
    operations = [
        {"op": "replace", "path": "/description", "value": "Still ours."},
        add("/parts/-", COMMERCE),
        add("/identities/-", mail),
        add("/identities/-", other),
        add("/profile", value=True),
    ]
    library.patch("schemas", schema_id, operations)
    found = library.get("schemas", schema_id)
    assert found
    assert found["description"] == "Still ours."
    assert found["parts"] == [EVENT, group_id, COMMERCE]
    assert found["profile"]
    paths = {each["xdm:sourceProperty"]: each["@id"] for each in found["identities"]}
    assert paths.keys() == {"/_emulated/mail", "/_emulated/id"}
    replacement = identity(schema_id, "/_emulated/id", "Phone")
    place = f"/identities/{paths['/_emulated/id']}"
    library.patch("schemas", schema_id, [{"op": "replace", "path": place, "value": replacement}])
    [named] = library.named("schemas", "Orders")
    assert {each["xdm:namespace"] for each in named["identities"]} == {"Email", "Phone"}
    [group] = library.named("fieldgroups", "Order fields")
    assert group["fields"].keys() == {"id", "mail", "total"}
    assert library.named("schemas", "Order") == []
    assert library.component("classes", EVENT)
    assert library.component("fieldgroups", group_id)
    assert library.component("fieldgroups", f"{EVENT}-nothing") is None


def test_schemas_live_and_are_deleted(adobe: Adobe, library: AdobeSchemaLibrary) -> None:
    whole_life(library)
    (schema_id,) = (each["$id"] for each in adobe.library.all("schemas"))
    (group_id,) = (each["$id"] for each in adobe.library.all("fieldgroups"))
    with pytest.raises(AdobeError, match=f"refused to delete schema {schema_id}: 400"):
        library.delete("schemas", schema_id)
    assert len(adobe.library.descriptors) == 2

    del adobe.library.created[schema_id]["meta:immutableTags"]
    assert library.delete("schemas", schema_id)
    assert adobe.library.descriptors == {}
    assert library.delete("fieldgroups", group_id)
    assert not library.delete("fieldgroups", group_id)
    assert library.get("schemas", schema_id) is None


@where_they_are
def test_requests_are_as_in_the_file(
    library: AdobeSchemaLibrary, session: RecordingSession
) -> None:
    whole_life(library)

    for response in session.seen:
        request = response.request
        path = urlsplit(str(request.url)).path.removeprefix(PREFIX)
        operation, parameters = declared(str(request.method).lower(), path)
        for each in parameters:
            if each["in"] == "header" and each["required"] and each["name"] != "Accept":
                assert each["name"] in request.headers
        bodies = [each["schema"] for each in parameters if each["in"] == "body"]
        assert len(bodies) == (request.body is not None)
        for each in bodies:
            check(each, json.loads(request.body or b""))
        statuses = {int(status) for status in operation["responses"]}
        assert response.status_code in statuses | {201 if request.method == "PUT" else 404}


def declared(method: str, path: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The operation of the file, and its parameters with references resolved."""
    file = specification("schema-registry")
    container, *rest = path.strip("/").split("/", 2)
    forms = {path, "/".join(("", container, *rest[:1], "{ID}"))} if len(rest) > 1 else {path}
    generic = {re.sub(f"^/{container}", "/{CONTAINER_ID}", form) for form in forms}
    for template, item in file["paths"].items():
        if method in item and re.sub(r"\{\w+_ID\}$", "{ID}", template) in forms | generic | {
            re.sub(r"^/\{ID\}", "/{CONTAINER_ID}", form) for form in generic
        }:
            listed = [*item.get("parameters", ()), *item[method].get("parameters", ())]
            known = file["parameters"]
            return item[method], [
                known[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
                for each in listed
            ]
    raise AssertionError(f"the file has no {method} {unquote(path)}")


def check(schema: dict[str, Any], document: Any) -> None:
    definitions = json.loads(json.dumps(specification("schema-registry")["definitions"]))
    del definitions["patchSchema"]["items"]["properties"]["value"]["type"]
    definitions["createDescriptor"]["properties"]["xdm:sourceVersion"].pop("type")
    Draft4Validator({**schema, "definitions": definitions}).validate(document)
