"""What `inlet map` says of properties that have another form, and the form that they need."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.linear_map import output

_IDENTITY = "Identity: {Email: lower(body.data.assignee.email)}"
_WHEN = "When: \"event_type == 'Issue+create'\""
_LAST = "      Otherwise: drop\n"
_ADDED = f"{_LAST}      "
_AN_OBJECT = "Routes.0.Identity: must be an object, such as {Email: lower(body.email)}"
_PAUSE = "there is no such property; `inlet pause SOURCE` keeps its webhooks in the buffer"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (_IDENTITY, "Identity: lower(body.data.assignee.email)", _AN_OBJECT),
        (_IDENTITY, "Identity: [{Namespace: Email, Id: body.data.id}]", _AN_OBJECT),
        (_IDENTITY, "Identity: {Email: [body.a]}", "Email: must be a text, such as lower(body.e"),
        (
            _IDENTITY,
            "Identity: {Email: body.a, CRMID: body.b}",
            "Primary: is missing; with several namespaces, write one of CRMID, Email",
        ),
        (
            _IDENTITY,
            "Identity: {Email: body.a, CRMID: body.b}\n          Primary: Phone",
            "Primary: must be one of CRMID, Email",
        ),
        (_WHEN, "When: [Issue+create]", "must be a text, such as \"event_type == 'order.paid'\""),
        (_WHEN, "When: Issue+create", "; for events of this type, write event_type == 'Issue+cre"),
        (_WHEN, "When: order.paid", "; for events of this type, write event_type == 'order.paid'"),
        (
            "        - When:",
            "          When:",
            "Routes: must be a list; the first line of each entry begins with a dash and a space",
        ),
        (
            _LAST,
            "        Otherwise: drop\n",
            "of the entries of Routes, in: Otherwise: drop Indent it with 6 spaces, as Routes in l",
        ),
        (_LAST, f"{_ADDED}Enabled: false\n", _PAUSE),
        (_LAST, f"{_ADDED}Paused: true\n", _PAUSE),
        (_LAST, f"{_ADDED}Tags: []\n", "it is no resource of AWS, and has no tags"),
        (
            _LAST,
            f"{_ADDED}KeepBodies: !Ref RetentionDays\n",
            "no parameter and no resource RetentionDays; the file's parameters are Stage, Days",
        ),
        (_LAST, f"{_ADDED}KeepBodies: !Ref Dayss\n", "no resource Dayss; is it Days?"),
    ],
)
def test_form_that_it_needs_is_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert reason in output(tmp_path, old, new)


@pytest.mark.parametrize("when", ["body.a-b", "headers.x-name", "lower(a)+b"])
def test_other_condition_is_no_type_of_an_event(tmp_path: Path, when: str) -> None:
    assert "for events of this type" not in output(tmp_path, _WHEN, f"When: {when}")


def _against(tmp_path: Path, schema: dict[str, Any], old: str, new: str) -> str:
    file = tmp_path / "schema.json"
    file.write_text(json.dumps({"properties": schema}))
    return output(tmp_path, old, new, "--schema", f"events={file}")


_ANY: dict[str, Any] = {"eventType": {}, "producedBy": {}, "web": {}, "_emulated": {}}
_PAGE = "webPageDetails: {name: body.data.title, URL: body.url}"


def test_list_in_place_of_an_object_is_named(tmp_path: Path) -> None:
    page = {"type": "object", "properties": {"name": {}, "URL": {}}}
    web = {"web": {"properties": {"webPageDetails": page}}}
    listed = "webPageDetails: [{name: body.data.title, URL: body.url}]"
    found = _against(tmp_path, _ANY | web, _PAGE, listed)

    assert "Routes.0.Map.web.webPageDetails is a list in the file, and an object in the" in found
    assert "remove [ ]" in found
    assert "first()" not in found
    found = _against(tmp_path, _ANY | web, _PAGE, "webPageDetails: body.data.labels")
    assert "first() takes an item of it" in found
    assert "remove [ ]" not in found


def test_field_with_the_name_of_a_property_is_one_of_the_schema(tmp_path: Path) -> None:
    page = {"type": "object", "properties": {"name": {}, "URL": {}}}
    web = {"web": {"properties": {"webPageDetails": page}}}
    found = _against(tmp_path, _ANY | web, "{name: body.data.title", "{Name: body.data.title")

    assert "web.webPageDetails.Name: the schema has no such field; is it name?" in found
    assert "property of the source" not in found


@pytest.mark.parametrize(("name", "is_of_a_route"), [("Identity", True), ("Otherwise", False)])
def test_property_of_a_route_is_indented_as_it_is(
    tmp_path: Path, name: str, *, is_of_a_route: bool
) -> None:
    web: dict[str, Any] = {
        "web": {"properties": {"webPageDetails": {"properties": {"name": {}, "URL": {}}}}}
    }
    new = f"{{{name}: {{Email: body.a}}, name: body.data.title"
    found = _against(tmp_path, _ANY | web, "{name: body.data.title", new)

    assert (f"{name} is a property of the route" in found.replace(": is a", " is a")) is (
        is_of_a_route
    )
    assert ("the schema has no such field" in found) is not is_of_a_route


@pytest.mark.parametrize(("field", "is_named"), [("priorityLabel", False), ("number", True)])
def test_number_is_named_for_a_text_that_is_one(
    tmp_path: Path, field: str, *, is_named: bool
) -> None:
    schema = _ANY | {"_emulated": {"properties": {"action": {}, "number": {"type": "integer"}}}}
    old = "number: body.data.priority}"
    new = "number: body.data.priorityLabel}" if field == "priorityLabel" else "number: \"'12'\"}"
    found = _against(tmp_path, schema, old, new)

    assert "type at _emulated.number: expected integer, got string" in found
    assert ("number() converts it" in found) is is_named


_TIMES: dict[str, Any] = {
    "timestamp": {"type": "string", "format": "date-time"},
    "_id": {},
    "identityMap": {},
}


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("\"'2026-11-30'\"", "in a Map, date() makes a date-time of it"),
        ("to_string(body.webhookTimestamp)", "in a Map, date() makes a date-time of it"),
        ("body.webhookTimestamp", "got integer; in a Map, date() makes a date-time of it"),
        ("body.data.title", "date() does not read this text: it reads ISO 8601"),
        ("\"date('2026-11-30')\"", '"timestamp": "2026-11-30T00:00:00Z"'),
        ("date(body.webhookTimestamp)", '"timestamp": "2026-03-14T09:20:04Z"'),
    ],
)
def test_date_time_is_made_by_a_function(tmp_path: Path, written: str, way: str) -> None:
    new = f"producedBy: \"'system'\"\n            timestamp: {written}\n"
    found = _against(tmp_path, _ANY | _TIMES, "producedBy: \"'system'\"\n", new)

    assert way in found
    assert "to_string() converts it" not in found


@pytest.mark.parametrize(
    ("function", "reason", "way"),
    [
        ("!Ref Stage", "reads dev, which !Ref Stage gives as an expression", "\"'${Stage}'\""),
        ("!GetAtt Connection.Name", "reads webhooks, which !GetAtt", "\"'${Connection.Name}'\""),
        ("!Sub '${Stage}'", "reads dev, which !Sub gives as an", "\"'${Stage}'\""),
        ("!Sub 'a ${Stage}'", "which !Sub gives as an expression", "\"'a ${Stage}'\""),
        (
            "!Join ['-', [a, !Ref Stage]]",
            "which !Join gives as an expression",
            "[\"'${Value}'\", {Value: !Join …}]",
        ),
        (
            "!Select [0, [a]]",
            "which !Select gives as an expression",
            "[\"'${Value}'\", {Value: !Select …}]",
        ),
    ],
)
def test_text_of_a_function_needs_quotes(
    tmp_path: Path, function: str, reason: str, way: str
) -> None:
    old = "action: body.data.state.name"
    found = output(tmp_path, old, f"action: {function}")

    assert reason in found
    assert f"For a text, write !Sub {way}." in found
    assert "body.dev" not in found
    assert "is read as" not in found.replace(reason, "")


@pytest.mark.parametrize(
    "function",
    [
        "!Sub \"'${Stage}'\"",
        "!Sub \"'${Connection.Name}'\"",
        "!Sub [\"'${Value}'\", {Value: !Join ['-', [a, !Ref Stage]]}]",
        "!Sub 'body.${Field}.name'",
    ],
)
def test_quoted_text_of_a_function_is_taken(tmp_path: Path, function: str) -> None:
    new = f"action: {function}".replace("${Field}", "data.state")
    assert "✓ events" in output(tmp_path, "action: body.data.state.name", new)


def test_expression_with_a_function_is_no_text(tmp_path: Path) -> None:
    found = output(tmp_path, "action: body.data.state.name", "action: !Sub 'body.${Stage}('")

    assert "which !Sub gives as an expression" in found
    assert "For a text" not in found


@pytest.mark.parametrize("function", ["!ImportValue a", "!Ref AWS::Region"])
def test_function_of_the_deployment_is_replaced_by_a_parameter(
    tmp_path: Path, function: str
) -> None:
    found = output(tmp_path, "action: body.data.state.name", f"action: {function}")

    assert "before the deployment" in found
    assert "Write it out, or !Ref a parameter of the file in its place, whose value" in found
