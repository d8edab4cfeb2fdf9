"""What `inlet map` says of properties with the names that other services have for them."""

from pathlib import Path

import pytest

from bridge.provisioning.property_parsing import Properties, names_of
from bridge.provisioning.sources.other_names import OF_A_ROUTE, OF_A_SOURCE
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.route_properties import RouteProperties, RouteTargetProperties
from tests.support.linear_map import TEMPLATE, output

_OTHERWISE = "      Otherwise: drop"
_WHEN = "        - When:"
_MAP = "          Map:"
_ROUTES = TEMPLATE[TEMPLATE.index("      Routes:") : TEMPLATE.index(_OTHERWISE)]
_FLOW = "          Flow: events"


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        *(
            (
                _OTHERWISE,
                f"      {each}: drop",
                f"{each}: there is no such property; Otherwise says",
            )
            for each in ("Default", "Else", "Fallback", "default", "CatchAll")
        ),
        *(
            (_WHEN, f"        - {each}:", 'When of the route is the condition, such as "event_type')
            for each in (
                "Filter",
                "Condition",
                "If",
                "EventPattern",
                "Match",
                "EventType",
                "filter",
            )
        ),
        *(
            (_MAP, f"          {each}:", "Map makes the message: XDM fields with expressions")
            for each in ("Transform", "Mapping", "Template", "InputTransformer", "transformation")
        ),
        *(
            (_FLOW, f"          {each}: events", "Flow names the flow of the connection to which")
            for each in ("To", "Destination", "Target", "DatasetId", "to")
        ),
        (_OTHERWISE, "          Else: drop", "Otherwise, beside Routes, says what becomes of ev"),
        (_OTHERWISE, "          Identities: {}", "Identity has the identities, such as {Email: lo"),
        (_OTHERWISE, "      Transform: body", "Map of an entry of Routes makes the message"),
        (_OTHERWISE, "      Destination: events", "Flow of an entry of Routes names the flow"),
        (_OTHERWISE, "      SigningSecret: a", "Secrets has the names of parameters with the sec"),
        (_OTHERWISE, "      Endpoint: a", "Name makes the end of the URL, /webhooks/NAME"),
        (_OTHERWISE, "      Vendor: linear", "Provider names the preset; `inlet providers` lists"),
        (_OTHERWISE, "      Events: [push]", "it belongs in Subscription"),
    ],
)
def test_property_that_does_the_same_is_named(tmp_path: Path, old: str, new: str, way: str) -> None:
    assert way in output(tmp_path, old, new)


@pytest.mark.parametrize(
    ("table", "model"),
    [
        (OF_A_SOURCE, SourceProperties),
        (OF_A_ROUTE, RouteProperties),
        (OF_A_ROUTE, RouteTargetProperties),
    ],
)
def test_no_property_has_the_name_of_another_service(
    table: dict[str, str], model: type[Properties]
) -> None:
    assert not {each.casefold() for each in names_of(model)} & {each.casefold() for each in table}


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        (_FLOW, "          Targets: [events]", "such as {Flow: events, Map: {…}}"),
        (_FLOW, "          Targets: {Flow: events}", "one line it is [{Flow: events, Map: {…}}]"),
        (
            _FLOW,
            "          Targets: events",
            "begins with a dash and a space, as in - Flow: events",
        ),
        (_ROUTES, "      Routes: [events]\n", "such as {Flow: events, Map: {…}}"),
        (_ROUTES, "      Routes: {Flow: events}\n", "in one line it is [{Flow: events, Map: {…}}]"),
    ],
)
def test_form_of_a_list_is_shown(tmp_path: Path, old: str, new: str, way: str) -> None:
    assert way in output(tmp_path, old, new)


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("{Drop: [$.data.title]}", "Privacy.Drop.0: $.data.title finds nothing in the sample; wri"),
        ("{Drop: ['data.labels[*].name']}", "write data.labels.*.name: names below the body with"),
        ("{Mask: ['data.labels[0].name']}", "Privacy.Mask.0: data.labels[0].name finds nothing"),
        ("{Hash: [body.data.assignee.email]}", "write data.assignee.email: names below the body"),
        ("{Hash: [/data/title]}", "write data.title: names below the body"),
        (
            "{Drop: [data.titel]}",
            "Privacy.Drop.0: data.titel finds nothing in the sample; is it data",
        ),
        ("{Drop: [data.asignee.email]}", "is it data.assignee.email?"),
        ("{Mask: [data.labels.name]}", "is it data.labels.*.name?"),
        ("{Hash: [headers.x-foo]}", "Privacy.Hash.0: headers.x-foo is for a field of the body"),
        ("{Hash: ['data.cards[*].number']}", "if data.cards.*.number is meant, write that: names"),
    ],
)
def test_path_of_privacy_in_another_form_is_pointed_out(
    tmp_path: Path, written: str, way: str
) -> None:
    found = output(tmp_path, _OTHERWISE, f"{_OTHERWISE}\n      Privacy: {written}")
    assert way in found


@pytest.mark.parametrize(
    "written", ["{Drop: [data.title]}", "{Drop: [body.absent]}", "{Mask: [data.labels.*.name]}"]
)
def test_other_path_of_privacy_is_taken(tmp_path: Path, written: str) -> None:
    found = output(tmp_path, _OTHERWISE, f"{_OTHERWISE}\n      Privacy: {written}")
    assert "finds nothing" not in found


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("EventType: body.type", "is it json:type?"),
        ("DeliveryId: $.data.id", "is it json:data.id?"),
        ("EventType: headers.x-event", "is it header:x-event?"),
        ("EventType: 'headers.\"x-event\"'", "is it header:x-event?"),
        ("Unsigned: [X-Topic]", "is it header:X-Topic?"),
        ("Unsigned: [query.shop]", "is it query:shop?"),
        ("EventType: topic", "method, basic or body_sha256; it is read as topic"),
        ("Retries: 3", "the bridge retries: docs/delivery.md"),
        ("IdempotencyKey: body.id", "DeliveryId identifies a webhook, such as header:x-id"),
        ("Stage: dev", "a stage is another deployment: see `inlet init`"),
        ("Sandbox: dev", "a stage has one, which `inlet init` writes"),
        ("Alerts: true", "alarms are of the whole stage; see docs/operations.md"),
    ],
)
def test_property_of_a_source_in_another_form_is_answered(
    tmp_path: Path, written: str, way: str
) -> None:
    assert way in output(tmp_path, _OTHERWISE, f"{_OTHERWISE}\n      {written}")


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("Rules: []", "When of the route is its condition, and Map makes the message"),
        ("Action: drop", "Otherwise: drop, beside Routes, drops events that no route takes"),
        ("Enabled: false", "leave the route out, or write # before its lines"),
        ("Description: a", "a route has no name; a comment follows #"),
        ("Priority: 1", "the first route whose When is true applies"),
        ("Schema: https://ns.adobe.com/a/schemas/b", "the schema of messages is that of the flow"),
    ],
)
def test_property_of_a_route_in_another_form_is_answered(
    tmp_path: Path, written: str, way: str
) -> None:
    found = output(tmp_path, _FLOW, f"{_FLOW}\n          {written}")
    assert way in found
    assert "A colon ends a name" not in found


@pytest.mark.parametrize(
    ("expression", "way"),
    [
        (
            "body.data.labels",
            "neither a text nor a number, but a list; first() takes an item of",
        ),
        ("body.data.assignee", "but an object; name one of its fields"),
        ("body.data && `true`", "but a boolean"),
    ],
)
def test_type_of_an_identity_is_named(tmp_path: Path, expression: str, way: str) -> None:
    assert way in output(tmp_path, "lower(body.data.assignee.email)", f'"{expression}"')
