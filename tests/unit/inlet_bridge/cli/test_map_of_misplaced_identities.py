"""What `inlet map` says of identities, and of Adobe's envelope, that are written within a Map."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.linear_map import output

_IDENTITY = "          Identity: {Email: lower(body.data.assignee.email)}\n"
_NUMBER = ", number: body.data.priority}\n"
_BESIDE = "identities are written in Identity, beside Map, such as Identity: {Email: lower(body"
_DIRECTLY = "Map is its xdmEntity: write the fields of xdmEntity directly below Map, without"
_IDS: dict[str, Any] = {"type": "array", "items": {"type": "object", "properties": {"id": {}}}}
_FIELDS: dict[str, Any] = {
    **{each: {} for each in ("eventType", "producedBy", "web", "_emulated")},
    "identityMap": {"type": "object", "additionalProperties": _IDS},
}


def _output(tmp_path: Path, field: str, *, with_schema: bool, without_identity: bool = True) -> str:
    options: tuple[str, ...] = ()
    if with_schema:
        file = tmp_path / "schema.json"
        file.write_text(json.dumps({"properties": _FIELDS}))
        options = ("--schema", f"events={file}")
    old = _NUMBER + (_IDENTITY if without_identity else "")
    return output(tmp_path, old, f"{_NUMBER}            {field}\n", *options)


@pytest.mark.parametrize("with_schema", [True, False])
@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("identityMap.Email: body.data.id", f"Map.identityMap.Email: {_BESIDE}"),
        ("identityMap.Email.0.id: body.data.id", _BESIDE),
        ("xdmEntity: {eventType: \"'a'\"}", "Map.xdmEntity: the bridge adds Adobe's"),
        ("xdmEntity: {eventType: \"'a'\"}", f"{_DIRECTLY} xdmEntity"),
        ("xdmMeta: {schemaRef: {id: https://ns.adobe.com/a}}", f"{_DIRECTLY} xdmMeta"),
        ("header: {schemaRef: {id: https://ns.adobe.com/a}}", f"{_DIRECTLY} header"),
        ("body: {xdmMeta: {}, xdmEntity: {}}", f"{_DIRECTLY} body"),
    ],
)
def test_place_is_named_before_any_other_fault(
    tmp_path: Path, field: str, reason: str, *, with_schema: bool
) -> None:
    assert reason in _output(tmp_path, field, with_schema=with_schema)


@pytest.mark.parametrize("field", ["identities: {Email: a}", "identity: a", "identities: a"])
def test_identities_are_no_field_of_a_schema_that_lacks_them(tmp_path: Path, field: str) -> None:
    assert f"no such field; {_BESIDE}" in _output(tmp_path, field, with_schema=True)


@pytest.mark.parametrize("field", ["body: body.data", "header: {a: body.data}", "user: body.url"])
def test_other_fields_are_left_to_the_schema(tmp_path: Path, field: str) -> None:
    found = _output(tmp_path, field, with_schema=False)

    assert "✓ events" in found
    assert "envelope" not in found


@pytest.mark.parametrize("field", ["body: body.data.title", "header: body.url"])
def test_field_of_another_name_is_no_envelope(tmp_path: Path, field: str) -> None:
    found = _output(tmp_path, field, with_schema=True)

    assert "the schema has no such field" in found
    assert "envelope" not in found


@pytest.mark.parametrize(
    ("given", "identity"),
    [
        ("{Email: body.data.assignee.email}", "{Email: body.data.assignee.email}"),
        ("{Email: {id: body.url}}", "{Email: body.url}"),
        ("{Email: [body.url]}", "{Email: body.url}"),
        ("[{Email: [{id: body.url}]}]", "{Email: body.url}"),
        ("lower(body.data.assignee.email)", "{Email: lower(body.data.assignee.email)}"),
        ("body.url", "{Email: lower(body.email)}"),
        (
            "{A: body.url, B: \"join('', [body.url])\"}",
            "{A: body.url, B: \"join('', [body.url])\"}",
        ),
    ],
)
def test_identity_is_written_for_another_form(tmp_path: Path, given: str, identity: str) -> None:
    found = _output(tmp_path, f"identityMap: {given}", with_schema=True)

    assert f"write identities in Identity, beside Map, such as Identity: {identity}" in found
    assert "makes a list of it" not in found
    assert "remove [ ]" not in found


def test_identity_marks_the_primary_one(tmp_path: Path) -> None:
    found = _output(tmp_path, "identityMap: {Email: [{id: body.url}]}", with_schema=True)
    assert "marks no identity as primary; Identity does, beside Map: Identity: {Email: bo" in found
    assert "✓ events" in found


@pytest.mark.parametrize(
    ("given", "without_identity"),
    [
        ("{Email: [{id: body.url, primary: true}]}", True),
        ("{Email: body.ids}", True),
        ("body.identityMap", True),
    ],
)
def test_identities_that_may_have_a_primary_one_are_taken(
    tmp_path: Path, given: str, *, without_identity: bool
) -> None:
    field = f"identityMap: {given}"
    found = _output(tmp_path, field, with_schema=False, without_identity=without_identity)
    assert "as primary" not in found


@pytest.mark.parametrize("with_schema", [True, False])
@pytest.mark.parametrize(
    ("given", "way"),
    [
        ("{Phone: [{id: body.url}]}", "add Phone: body.url and a Primary there"),
        ("{Phone: body.ids}", "add Phone: … and a Primary there"),
        ("{Email: [{id: body.url}]}", "write its namespaces there"),
        ("body.identityMap", "write its namespaces there"),
    ],
)
def test_identities_beside_an_identity_are_refused_and_not_lost(
    tmp_path: Path, given: str, way: str, *, with_schema: bool
) -> None:
    field = f"identityMap: {given}"
    found = _output(tmp_path, field, with_schema=with_schema, without_identity=False)
    assert f"Map.identityMap: is replaced by Identity, beside Map; {way}, and remove" in found
    assert "✓ events" not in found
