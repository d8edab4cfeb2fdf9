"""Identity descriptors under `/data/foundation/schemaregistry/tenant/descriptors`.

Sources: the Schema Registry OpenAPI file and "Descriptors endpoint". Other kinds of descriptors
are not emulated. That a second primary identity, an unknown namespace, a field that is no text and
a descriptor of the same field are 400 or 409 is a guess.
"""

from collections.abc import Mapping
from typing import Any

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.identity_service import namespace_codes
from adobe_emulator.platform_errors import bad_request, conflict, missing

_MEMBERS = {
    *("@type", "xdm:sourceSchema", "xdm:sourceVersion", "xdm:sourceProperty"),
    *("xdm:namespace", "xdm:property", "xdm:isPrimary"),
}
_ACCEPT = "application/vnd.adobe.xdm-v2+json"


def create(adobe: Adobe, call: Call) -> Response:
    """`POST`: 201 with the descriptor."""
    body = _checked(adobe, call)
    descriptor = {**body, "@id": adobe.identifiers.descriptor(), "meta:containerId": "tenant"}
    adobe.library.descriptors[descriptor["@id"]] = descriptor
    return json_answer(201, descriptor)


def list_all(adobe: Adobe, call: Call) -> Response:
    """`GET ?property=xdm:sourceSchema==…`: the form with pages, whose pages are small here."""
    if call.headers.get("accept") != _ACCEPT:
        raise bad_request("The supplied Accept header is not valid; this is for xdm-v2 only")
    limit, order = call.first("limit"), call.first("orderby")
    if limit is not None and order is None:
        raise bad_request("limit needs orderby")
    found = sorted(adobe.library.descriptors.values(), key=lambda each: str(each["@id"]))
    for condition in call.all("property"):
        name, operator, value = condition.partition("==")
        if not operator:
            raise bad_request("only property=NAME==VALUE is supported here")
        found = [each for each in found if each.get(name) == value]
    start = call.first("start") or ""
    found = [each for each in found if each["@id"] > start]
    size = min(int(limit or 500), adobe.behavior.page_size)
    more = found[size - 1]["@id"] if len(found) > size else None
    page = {"orderby": order, "next": more, "count": len(found[:size])}
    return json_answer(200, {"results": found[:size], "_page": page})


def replace(adobe: Adobe, call: Call) -> Response:
    """`PUT /{@id}`: the whole descriptor; answers with its id."""
    descriptor_id = _known(adobe, call)
    body = _checked(adobe, call, but=descriptor_id)
    adobe.library.descriptors[descriptor_id] = {
        **body,
        "@id": descriptor_id,
        "meta:containerId": "tenant",
    }
    return json_answer(201, {"@id": descriptor_id})


def delete(adobe: Adobe, call: Call) -> Response:
    """`DELETE /{@id}`: 204."""
    del adobe.library.descriptors[_known(adobe, call)]
    return Response(204)


def _known(adobe: Adobe, call: Call) -> str:
    descriptor_id = call.parameters["id"]
    if descriptor_id not in adobe.library.descriptors:
        raise missing("The resource is not found.")
    return descriptor_id


def _checked(adobe: Adobe, call: Call, but: str = "") -> dict[str, Any]:
    body: Any = call.json() if call.body else {}
    match body:
        case {
            "@type": "xdm:descriptorIdentity",
            "xdm:sourceSchema": str(schema_id),
            "xdm:sourceVersion": 1,
            "xdm:sourceProperty": str(path),
            "xdm:namespace": str(namespace),
            "xdm:property": "xdm:code",
        } if body.keys() <= _MEMBERS and isinstance(body.get("xdm:isPrimary", False), bool):
            pass
        case _:
            raise bad_request("an identity descriptor has its seven members and no other")
    schema = adobe.schemas.get(schema_id)
    if schema is None:
        raise bad_request(f"schema {schema_id} does not exist")
    if not path.startswith("/") or path.endswith("/") or _type_at(schema, path) != "string":
        raise bad_request(f"{path} is no text field of the schema")
    if namespace not in namespace_codes(adobe.tenant):
        raise bad_request(f"there is no namespace {namespace}")
    for other_id, other in adobe.library.descriptors.items():
        if other_id == but or other["xdm:sourceSchema"] != schema_id:
            continue
        if other["xdm:sourceProperty"] == path:
            raise conflict(f"{path} has an identity descriptor")
        if body.get("xdm:isPrimary") and other.get("xdm:isPrimary"):
            raise bad_request("the schema has a primary identity")
    checked: dict[str, Any] = body
    return checked


def _type_at(schema: Mapping[str, Any], path: str) -> Any:
    found: Any = schema
    for name in path.split("/")[1:]:
        found = found.get("properties", {}).get(name) if isinstance(found, Mapping) else None
    return found.get("type") if isinstance(found, Mapping) else None
