"""The check of XDM messages agrees with `jsonschema`, an independent validator."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft6Validator, extend

from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, PROFILES_SCHEMA_ID, SCHEMAS
from bridge.messages.schema_numbers import exact_types
from bridge.messages.xdm_check import XdmCheck, compile_constraints
from bridge.messages.xdm_formats import FORMATS
from bridge.provisioning.xdm_constraints import constraints, constraints_text
from bridge.strict_json import read_json, write_json_text

NAMES = ("a", "b", "c", "identityMap", "é", "a.b")
TEXTS = ("", "a", "B", "ab", "abc", "ABC", "é", "2026-03-14", "2026-03-14T09:20:04Z")
NUMBERS = ("0", "1", "-1", "1.0", "1.5", "2", "10", "1e2", "-0", "1e400", "0.1", "2147483648")
sizes = st.integers(0, 3)
numbers = st.sampled_from(NUMBERS).map(read_json)
scalars = st.none() | st.booleans() | st.sampled_from(TEXTS) | numbers
documents = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)


def maybe(**keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keywords)


def typed(kind: str, **keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return maybe(enum=st.lists(scalars, max_size=3), const=scalars, **keywords).map(
        lambda found: {"type": kind, **found}
    )


def several(keyword: str, inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Several schemas of the same value."""
    return st.lists(inner, min_size=1, max_size=3).map(lambda found: {keyword: found})


bounds = {name: st.integers(-2, 10) for name in ("minimum", "maximum")} | {
    name: st.integers(-2, 10) for name in ("exclusiveMinimum", "exclusiveMaximum")
}
leaves = st.one_of(
    typed(
        "string",
        minLength=sizes,
        maxLength=sizes,
        pattern=st.sampled_from(["^[A-Z]+$", "b", "^.{2}$"]),
        format=st.sampled_from(["date", "date-time", "unknown"]),
    ),
    typed("number", **bounds, multipleOf=st.sampled_from([2, 0.1, 0.5])),
    typed("integer", **bounds),
    typed("boolean"),
    maybe(enum=st.lists(scalars, min_size=1, max_size=3)),
    st.just({"type": ["string", "null"]}),
    st.just({"type": ["integer", "boolean"]}),
)
schemas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        typed("array", items=inner, minItems=sizes, maxItems=sizes, uniqueItems=st.booleans()),
        *(several(name, inner) for name in ("allOf", "anyOf", "oneOf")),
        inner.map(lambda found: {"not": found}),
        typed(
            "object",
            properties=st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
            required=st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
            minProperties=sizes,
        ),
        typed("object", additionalProperties=inner),
        typed("object", additionalProperties=st.just(False)),
    ),
    max_leaves=8,
)


def validator(schema: Any) -> Any:
    """Draft 6 with exact numbers, and with the formats for which messages are refused."""
    formats = FormatChecker(formats=())
    for name, known in FORMATS.items():
        if known.verdict == "refuse":
            formats.checks(name)(
                lambda value, is_valid=known.is_valid: not isinstance(value, str) or is_valid(value)
            )
    create: Any = extend
    # The library's own divides values as Python does, which no JsonNumber supports.
    keywords = {"multipleOf": _multiple_of}
    exact = create(Draft6Validator, keywords, type_checker=exact_types(Draft6Validator))
    return exact(schema, format_checker=formats)


def _multiple_of(
    reference: Any, divisor: float, value: Any, _: object
) -> Iterator[ValidationError]:
    is_number = reference.is_type(value, "number")
    if is_number and Fraction(getattr(value, "text", str(value))) % Fraction(str(divisor)):
        yield ValidationError("is no multiple")


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas, st.lists(documents, min_size=1, max_size=6))
def test_verdicts_are_those_of_jsonschema(schema: dict[str, Any], values: list[Any]) -> None:
    reduced = constraints({"type": "object", "properties": {"a": schema}})
    text = write_json_text(reduced, ascii_only=True)
    check, reference = compile_constraints(text), validator(read_json(text))

    for value in values:
        fault, _ = check.findings({"a": value})
        assert (not fault) == reference.is_valid({"a": value}), (reduced, value, fault)


EXAMPLES = [
    *json.loads((Path(__file__).parents[2] / "support" / "xdm_entities.json").read_text()).items()
]


@pytest.mark.parametrize("schema_id", [EVENTS_SCHEMA_ID, PROFILES_SCHEMA_ID])
@pytest.mark.parametrize(("name", "entity"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_verdicts_are_the_same_for_adobes_schemas(
    schema_id: str, name: str, entity: dict[str, Any]
) -> None:
    """Each field of an entity is left out, and replaced by values of other types, in turn."""
    text = constraints_text(SCHEMAS[schema_id])
    check, reference = compile_constraints(text), validator(json.loads(text))

    for changed in _variants(entity):
        fault, _ = check.findings(changed)
        assert (not fault) == reference.is_valid(changed), (name, changed, fault)


def _variants(value: Any) -> list[Any]:
    found = [value]
    match value:
        case dict():
            for name, each in value.items():
                others = {key: other for key, other in value.items() if key != name}
                found += [others, {**others, f"{name}x": each}]
                found += [{**value, name: changed} for changed in _variants(each)]
        case list():
            found += [
                [*value[:i], changed, *value[i + 1 :]]
                for i, each in enumerate(value)
                for changed in _variants(each)
            ]
        case _:
            found += [1, "", "text", True, None, {}, [], 1.5]
    return found


def test_fault_names_the_schemas_field_and_not_that_of_the_message() -> None:
    check = XdmCheck(constraints({"properties": {"eventType": {"type": "string"}}}))

    assert check.findings({"eventTyp": 1})[0] == ("an extraneous key at its root; is it eventType?")
    assert check.findings({"jane.doe": 1})[0] == "an extraneous key at its root"


@pytest.mark.parametrize(
    ("kinds", "text", "types"),
    [
        ("integer", '"4111"', "expected integer, got string"),
        ("integer", "1.5", "expected integer, got number"),
        ("integer", "1.50", "expected integer, got number"),
        ("boolean", "-0", "expected boolean, got integer"),
        ("string", "4111", "expected string, got integer"),
        ("string", "null", "expected string, got null"),
        ("string", "[4111]", "expected string, got array"),
        (["string", "null"], "true", "expected string or null, got boolean"),
        (["object", "array"], "0.1", "expected object or array, got number"),
    ],
)
def test_wrong_type_is_named_beside_the_right_one(kinds: Any, text: str, types: str) -> None:
    check = XdmCheck({"type": "object", "properties": {"n": {"type": kinds}}})

    assert check.findings({"n": read_json(text)})[0] == f"type at n: {types}"
    items = XdmCheck({"properties": {"n": {"items": {"type": kinds}}}})
    assert items.findings({"n": [read_json(text)]})[0] == f"type at n.*: {types}"
    all_of = XdmCheck({"properties": {"n": {"allOf": [{"type": kinds}]}}})
    assert all_of.findings({"n": read_json(text)})[0] == f"type at n: {types}"


@pytest.mark.parametrize("pattern", [r"^\d+$", r"^\w+$", r"^[\d]{1}$"])
def test_pattern_means_what_it_means_in_java(pattern: str) -> None:
    check = XdmCheck(constraints({"properties": {"n": {"type": "string", "pattern": pattern}}}))

    assert not check.findings({"n": "2"})[0]
    assert check.findings({"n": "\N{FULLWIDTH DIGIT TWO}"})[0] == "pattern at n"


def test_pattern_may_ask_for_unicode() -> None:
    check = XdmCheck({"properties": {"n": {"pattern": r"(?u)^\d$"}}})

    assert not check.findings({"n": "\N{FULLWIDTH DIGIT TWO}"})[0]


def test_warnings_are_bounded() -> None:
    uris = {f"u{n}": {"type": "string", "format": "uri"} for n in range(50)}
    check = XdmCheck(constraints({"properties": uris}))

    fault, warnings = check.findings(dict.fromkeys(uris, "no uri"))
    assert not fault
    assert len(warnings) == 5


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "date-time",
            ["2026-03-14T09:20:04Z", "2024-02-29T23:59:59.123456789+18:00"],
            [
                *("2026-03-14 09:20:04", "2026-03-14T09:20:04", "2018-00-23T22:07:01Z"),
                *("2026-03-14T09:20:04+0100", "2026-03-14t09:20:04z", "2026-03-14T09:20Z"),
                *("2026-03-14T09:20:04.Z", "2026-03-14T24:00:01Z", "2023-02-29T00:00:00Z", "", "x"),
                *("2026-03-14T09:20:04Z\n", "\N{FULLWIDTH DIGIT TWO}026-03-14T09:20:04Z"),
                *("2026-03-14T09:20:04+19:00", "2026-03-14T09:20:04-18:01"),
            ],
        ),
        ("date", ["2024-02-29"], ["2023-02-29", "20240229", "2024-2-9", "2024-02-29T00:00:00Z"]),
        ("uri", ["https://a.b/c?d=%20#e", "urn:x:y"], ["a/b", "no uri", "http://a b", "%zz:"]),
        ("uri-reference", ["a/b", "", "#x", "https://a.b"], ["a b", "<x>", "%zz"]),
        ("url", ["https://a.b/"], ["a"]),
        ("email", ["a@b.c"], ["a", "a@b@c", "a b@c", "a@b", "a@b.", "@b.c"]),
        ("hostname", ["a", "a-b.example"], ["", "a..b", "-a", "a_b", "a.", "x" * 64]),
        ("time", ["09:20:04", "09:20:04.5Z", "23:59:59+01:00"], ["9:20:04", "24:00:00", "09:20"]),
        ("ipv4", ["192.0.2.1"], ["192.0.2.256", "192.0.2", "01.2.3.4"]),
        ("ipv6", ["2001:db8::1", "::"], ["2001:db8::1::", "fe80::1%eth0", "192.0.2.1"]),
    ],
)
def test_formats(name: str, good: list[str], bad: list[str]) -> None:
    known = FORMATS[name]

    assert [text for text in good if not known.is_valid(text)] == []
    assert [text for text in bad if known.is_valid(text)] == []
    assert bool(known.source) == (known.verdict == "refuse")
