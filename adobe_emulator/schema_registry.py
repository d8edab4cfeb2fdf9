"""The Schema Registry under `/data/foundation/schemaregistry`.

Source: the Schema Registry OpenAPI file, its page on the `Accept` header and the troubleshooting
guide. Lists have one page; the filter is `property=NAME==VALUE`.
"""

import re
from collections.abc import Iterable
from typing import Any

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.platform_errors import bad_request, missing, not_acceptable

_FULL = re.compile(r"application/vnd\.adobe\.xed-full(-notext|-desc)?\+json; ?version=1(\.0)?")
_RAW = re.compile(r"application/vnd\.adobe\.xed(-notext)?\+json; ?version=1(\.0)?")
_LIST = re.compile(r"application/vnd\.adobe\.xed(-id)?\+json")
_ID_MEMBERS = ("$id", "meta:altId", "version", "title")


def read_stats(adobe: Adobe, call: Call) -> Response:  # noqa: ARG001 - the signature of handlers
    """`GET /stats`: the ID of the tenant."""
    counts = {"schemas": len(adobe.schemas), "mixins": len(adobe.library.all("fieldgroups"))}
    return json_answer(
        200, {"imsOrg": adobe.tenant.org_id, "tenantId": adobe.tenant.tenant_id, "counts": counts}
    )


def create(adobe: Adobe, call: Call) -> Response:
    """`POST /tenant/{schemas, fieldgroups}`."""
    return json_answer(201, adobe.library.create(call.parameters["kind"], _body(call)))


def list_all(adobe: Adobe, call: Call) -> Response:
    """`GET /tenant/{schemas, fieldgroups}?property=title==…`: an `Accept` without a version."""
    accept = call.headers.get("accept", "")
    if not _LIST.fullmatch(accept):
        raise bad_request(f"The supplied Accept header is not valid: {accept}")
    found = _filtered(adobe.library.all(call.parameters["kind"]), call)
    if "xed-id" in accept:
        found = [{name: each[name] for name in _ID_MEMBERS} for each in found]
    page = {"orderby": "updated", "next": None, "count": len(found)}
    return json_answer(200, {"results": found, "_page": page, "_links": {"next": None}})


def read(adobe: Adobe, call: Call) -> Response:
    """`GET /tenant/{kind}/{$id percent-encoded, or meta:altId}`: raw, or with references resolved.

    Raw is for what was created here.
    """
    accept = call.headers.get("accept", "")
    kind, identifier = call.parameters["kind"], call.parameters["id"]
    if _FULL.fullmatch(accept):
        if kind == "fieldgroups":
            return json_answer(200, adobe.library.component(kind, identifier))
        schema = adobe.schemas.get(identifier)
        if schema is None:
            raise missing("no such schema")
        return json_answer(200, {"version": "1.0", **schema})
    if not _RAW.fullmatch(accept):
        raise not_acceptable("the Accept header names no form of a schema with its version")
    found = adobe.library.find(kind, identifier)
    if found is None:
        raise missing(f"Object {identifier} with version 1 not found")
    return json_answer(200, found)


def read_component(adobe: Adobe, call: Call) -> Response:
    """`GET /global/{classes, fieldgroups}/{$id}`: with references resolved."""
    if not _FULL.fullmatch(call.headers.get("accept", "")):
        raise not_acceptable("the Accept header names no form of a schema with its version")
    return json_answer(200, adobe.library.component(call.parameters["kind"], call.parameters["id"]))


def patch(adobe: Adobe, call: Call) -> Response:
    """`PATCH /tenant/{kind}/{id}`: JSON Patch, without an ETag."""
    kind, identifier = call.parameters["kind"], call.parameters["id"]
    return json_answer(200, adobe.library.patch(kind, identifier, _body(call)))


def delete(adobe: Adobe, call: Call) -> Response:
    """`DELETE /tenant/{kind}/{id}`: 204."""
    adobe.library.delete(call.parameters["kind"], call.parameters["id"])
    return Response(204)


def _filtered(documents: Iterable[dict[str, Any]], call: Call) -> list[dict[str, Any]]:
    found = list(documents)
    for condition in call.all("property"):
        name, operator, value = condition.partition("==")
        if not operator:
            raise bad_request("only property=NAME==VALUE is supported here")
        found = [each for each in found if each.get(name) == value]
    return found


def _body(call: Call) -> Any:
    return call.json() if call.body else None
