"""What Adobe finds out about a message after it has said yes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adobe_emulator.entity_check import MOST_VIOLATIONS, EntityCheck, fault_of
from adobe_emulator.violation_report import code_of, tree
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, PERMISSIVE_SCHEMA_ID, SCHEMAS

EVENT: dict[str, Any] = {"_id": "a", "timestamp": "2026-11-01T12:00:00Z"}
EVENTS = EntityCheck(SCHEMAS[EVENTS_SCHEMA_ID])
BILLING = {"commerce": {"billing": {"address": {"_schema": {"latitude": 91}}}}}


def item(**fields: Any) -> dict[str, Any]:
    return EVENT | {"productListItems": [fields]}


def test_event_needs_no_more_than_its_class_asks() -> None:
    assert fault_of(SCHEMAS[EVENTS_SCHEMA_ID], EVENT) is None


def test_schema_that_says_nothing_takes_anything() -> None:
    assert fault_of(SCHEMAS[PERMISSIVE_SCHEMA_ID], {"action": "opened"}) is None


@pytest.mark.parametrize("more", [True, {"type": "string"}])
def test_object_that_mentions_other_fields_is_open_to_them(more: Any) -> None:
    inner = {"type": "object", "properties": {"a": {}}, "additionalProperties": more}

    assert fault_of({"properties": {"n": inner}}, {"n": {"b": "c"}}) is None
    assert fault_of({"properties": {"n": inner | {"additionalProperties": False}}}, {"n": {"b": 1}})


@pytest.mark.parametrize(
    ("area", "entity", "fault"),
    [
        (
            "range",
            EVENT | BILLING,
            "#/commerce/billing/address/_schema/latitude: 91 is not less or equal to 90",
        ),
        (
            "range",
            EVENT | {"commerce": {"billing": {"address": {"postOfficeBox": "x" * 21}}}},
            "#/commerce/billing/address/postOfficeBox: expected maxLength: 20, actual: 21",
        ),
        ("presence", {"_id": "a"}, "#: required key [timestamp] not found"),
        ("presence", item(name="Tea"), "#/productListItems/0: required key [SKU] not found"),
        (
            "enum",
            EVENT | {"web": {"webReferrer": {"type": "letter"}}},
            "#/web/webReferrer/type: letter is not a valid enum value",
        ),
        (
            "enum",
            EVENT | {"web": {"webReferrer": {"type": ""}}},
            "#/web/webReferrer/type:  is not a valid enum value",
        ),
        (
            "pattern",
            EVENT | {"commerce": {"order": {"currencyCode": "euro"}}},
            "#/commerce/order/currencyCode: string [euro] does not match pattern ^[A-Z]{3}$",
        ),
        (
            "pattern",
            EVENT | {"commerce": {"billing": {"address": {"countryCode": ""}}}},
            "#/commerce/billing/address/countryCode: string [] does not match pattern ^[A-Z]{2}$",
        ),
        ("type", EVENT | {"eventType": None}, "#/eventType: expected type: String, found: Null"),
        ("type", EVENT | {"_id": 2**40}, "#/_id: expected type: String, found: Long"),
        (
            "type",
            item(SKU="1", quantity=1.0),
            "#/productListItems/0/quantity: expected type: Integer, found: BigDecimal",
        ),
        (
            "type",
            item(SKU="1", quantity=True),
            "#/productListItems/0/quantity: expected type: Integer, found: Boolean",
        ),
        (
            "type",
            item(SKU="1", priceTotal=""),
            "#/productListItems/0/priceTotal: expected type: Number, found: String",
        ),
        (
            "type",
            EVENT | {"productListItems": {}},
            "#/productListItems: expected type: JSONArray, found: JSONObject",
        ),
        (
            "type",
            EVENT | {"identityMap": {"Email": [{"id": None}]}},
            "#/identityMap/Email/0/id: expected type: String, found: Null",
        ),
        (
            "format",
            item(SKU="1", product="not a uri"),
            "#/productListItems/0/product: [not a uri] is not a valid uri",
        ),
        ("extraneous", EVENT | {"colour": "red"}, "#: extraneous key [colour] is not permitted"),
        ("extraneous", EVENT | {"web": {"x": 1}}, "#/web: extraneous key [x] is not permitted"),
        (
            "extraneous",
            EVENT | {"identityMap": {"Email": [{"id": "a", "x": 1}]}},
            "#/identityMap/Email/0: extraneous key [x] is not permitted",
        ),
    ],
)
def test_each_area_is_validated(area: str, entity: dict[str, Any], fault: str) -> None:
    assert fault_of(SCHEMAS[EVENTS_SCHEMA_ID], entity) == fault


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-01 12:00:00", "2026-11-01T12:00:00", "2026-11-01T12:00Z", "2026-11-01", ""),
        *("2018-00-10T22:07:56Z", "2026-02-30T00:00:00Z", "2026-11-01T24:00:01Z"),
        *("2026-11-01t12:00:00z", "2026-11-01T12:00:00+0100", "2026-11-01T12:00:00.1234567891Z"),
        "1793534400000",
    ],
)
def test_times_have_the_form_that_adobe_lists(text: str) -> None:
    fault = fault_of(SCHEMAS[EVENTS_SCHEMA_ID], EVENT | {"timestamp": text})

    assert fault is not None
    assert fault.startswith(f"#/timestamp: [{text}] is not a valid date-time. Expected [yyyy-MM-dd")


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-01T12:00:00Z", "2026-11-01T12:00:00.1Z", "2026-11-01T12:00:00.123456789Z"),
        *("2026-11-01T12:00:00+01:00", "2026-11-01T12:00:00.123-11:30"),
    ],
)
def test_every_form_of_a_time_that_adobe_lists_is_taken(text: str) -> None:
    assert fault_of(SCHEMAS[EVENTS_SCHEMA_ID], EVENT | {"timestamp": text}) is None


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("date", "2026-02-28", "2026-02-29"),
        ("email", "a.b+c@example.com", "a@example"),
        ("hostname", "a.example.com", "a_b.example.com"),
        ("ipv4", "192.0.2.1", "192.0.2.256"),
        ("ipv6", "2001:db8::1", "2001:db8:::1"),
        ("uri", "https://example.com/a?b=%20", "example.com"),
        ("uri-reference", "a/b", "a b"),
    ],
)
def test_other_formats_are_validated_too(name: str, valid: str, invalid: str) -> None:
    check = EntityCheck({"properties": {"value": {"type": "string", "format": name}}})

    assert check.violations({"value": valid}) == ()
    [violation] = check.violations({"value": invalid})
    assert violation.keyword == "format"


def test_several_violations_are_a_tree_with_their_number() -> None:
    entity = {"_id": 7, "timestamp": EVENT["timestamp"], "b": 1, "web": {"y": 1, "z": 2}}
    report = tree(EVENTS.violations(entity))

    assert report["message"] == "4 schema violations found"
    assert (report["pointerToViolation"], report["schemaLocation"]) == ("#", "#")
    causes = {each["message"]: each for each in report["causingExceptions"]}
    assert causes.keys() == {
        "extraneous key [b] is not permitted",
        "expected type: String, found: Integer",
        "2 schema violations found",
    }
    within = causes["2 schema violations found"]
    assert within["pointerToViolation"] == "#/web"
    assert within["schemaLocation"] == "#/properties/web"
    assert [each["pointerToViolation"] for each in within["causingExceptions"]] == ["#/web"] * 2


def test_validation_ends_after_five_violations() -> None:
    violations = EVENTS.violations(dict.fromkeys("abcdefgh", 1))

    assert len(violations) == MOST_VIOLATIONS == 5


def test_null_has_a_code_of_its_own() -> None:
    [null] = EVENTS.violations(EVENT | {"eventType": None})
    [number] = EVENTS.violations(EVENT | {"eventType": 1})

    assert (code_of(null), code_of(number)) == ("DCVS-1101-400", "DCVS-1104-400")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "URL", "value", "x", "Email"]), inner, max_size=3)
    ),
    max_leaves=12,
)
entities = st.dictionaries(
    st.sampled_from(["_id", "timestamp", "eventType", "commerce", "web", "identityMap", "other"]),
    json_values,
)


@given(entities)
def test_validation_is_deterministic(entity: dict[str, Any]) -> None:
    """Also by another instance, in another order of names, and after a copy as JSON."""
    first = EVENTS.violations(entity)
    reordered = dict(reversed(entity.items()))
    other = EntityCheck(SCHEMAS[EVENTS_SCHEMA_ID])

    assert other.violations(json.loads(json.dumps(entity))) == first
    assert EVENTS.violations(reordered) == first
    assert not first or tree(first)["message"]
