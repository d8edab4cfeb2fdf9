"""Tests of the lines of a file with failed records, and of Adobe's reasons in them."""

import json
from typing import Any

import pytest

from bridge.reconciliation.failed_records import UNREADABLE, Producer, failed_record
from bridge.reconciliation.producers import Producers
from bridge.reconciliation.violations import MOST_BYTES, reason_of

FLOW = "d8a6f005-7eaf-4153-983e-e8574508b877"
PRODUCERS = Producers(
    datasets=frozenset({"65f0c1a2b3d4e5f60718293a"}),
    flows={FLOW: "orders/events"},
    sources={"inlet-bridge-dev-orders-1a2b": "orders"},
)


def record(**header: Any) -> bytes:
    return json.dumps({"header": header, "body": {"xdmEntity": {"_id": "1"}}}).encode()


@pytest.mark.parametrize(
    ("line", "producer", "flow", "xaction_id"),
    [
        (record(flowId=FLOW, xactionId="1:2:3"), Producer.OURS, "orders/events", "1:2:3"),
        # A flow that has been replaced: its connection still has the same name.
        (
            record(flowId="former", source={"name": "inlet-bridge-dev-orders-1a2b"}),
            Producer.OURS,
            "orders",
            "",
        ),
        (record(flowId="theirs", xactionId="1:2:3"), Producer.FOREIGN, "", "1:2:3"),
        (record(source={"name": "web-sdk"}), Producer.FOREIGN, "", ""),
        # Unknown, such as of a mapped flow.
        (record(xactionId="1:2:3"), Producer.UNKNOWN, "", "1:2:3"),
        (b'{"order": 1}', Producer.UNKNOWN, "", ""),
        (record(flowId=7, source="x", xactionId=["1"]), Producer.UNKNOWN, "", ""),
        (record(flowId=FLOW, xactionId="1" * 201), Producer.OURS, "orders/events", ""),
        (
            record(flowId=FLOW, xactionId="\ud800" * 80),
            Producer.OURS,
            "orders/events",
            "\ud800" * 80,
        ),
    ],
)
def test_producer_of_a_record(line: bytes, producer: Producer, flow: str, xaction_id: str) -> None:
    found = failed_record(line, PRODUCERS)

    assert (found.producer, found.flow, found.xaction_id) == (producer, flow, xaction_id)


def test_header_and_errors_may_be_texts() -> None:
    errors = {"_streamingValidation": [{"keyword": "type", "pointerToViolation": "#/a"}]}
    document = {"header": json.dumps({"flowId": FLOW}), "_errors": json.dumps(errors), "body": "{"}

    found = failed_record(json.dumps(document).encode(), PRODUCERS)

    assert (found.flow, found.reason) == ("orders/events", "type at #/a")


@pytest.mark.parametrize(
    "line",
    [None, b"", b"{", b"[1]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"a": NaN'],
    ids=str,
)
def test_line_that_is_no_json_object_is_counted(line: bytes | None) -> None:
    assert failed_record(line, PRODUCERS) == UNREADABLE


def violation(message: str, keyword: str = "type", pointer: str = "#/a/0/b") -> dict[str, Any]:
    return {"keyword": keyword, "pointerToViolation": pointer, "message": message}


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("required key [loyaltyId] not found", "required key [loyaltyId] not found"),
        (
            "extraneous key [workEmail] is not permitted",
            "extraneous key [workEmail] is not permitted",
        ),
        ("extraneous key [a@b.de] is not permitted", "extraneous key … is not permitted"),
        ("expected type: String, found: Long", "expected type: String, found: Long"),
        (
            "expected type: String, Null, found: JSONArray",
            "expected type: String, Null, found: JSONArray",
        ),
        (
            "[2018-00-23T22:07:01Z] is not a valid date-time. Expected [yyyy-MM-dd'T'HH:mm:ssZ]",
            "… is not a valid date-time",
        ),
        ("[a@b.de] is not a valid email address", "… is not a valid email address"),
        ("CANARY is not a valid enum value", "… is not a valid enum value"),
        ("string [CANARY] does not match pattern ^[A-Z]{3}$", "… does not match pattern"),
        ("-5 is not greater or equal to 0", "… is not greater or equal to 0"),
        ("7.25 is not less than 7", "… is not less than 7"),
        ("expected maxLength: 3, actual: 5", "expected maxLength: 3, actual: 5"),
        ("3 schema violations found", "3 schema violations found"),
        (
            "The message cannot be validated: [#/timestamp: [CANARY] is not a valid date-time]",
            "… is not a valid date-time",
        ),
        # Unknown sentences may quote anything.
        ("the value CANARY is wrong", ""),
        ("CANARY\nis not a valid enum value", ""),
        ("x" * 10_000, ""),
    ],
)
def test_message_is_kept_without_values(message: str, kept: str) -> None:
    reason = reason_of({"_validationErrors": [violation(message)]})

    assert reason == f"type at #/a/0/b: {kept}".removesuffix(": ")


@pytest.mark.parametrize(
    ("pointer", "kept"),
    [
        ("#", "#"),
        ("#/_acme/items/12/price.total", "#/_acme/items/12/price.total"),
        ("#/identityMap/a@b.de/0", "#/identityMap/…/0"),
        ("#/491701234567", "#/…"),
        ("#/" + "a" * 200, "#/…"),
        ("CANARY", ""),
        (None, ""),
    ],
)
def test_pointer_is_kept_without_values(pointer: Any, kept: str) -> None:
    reason = reason_of({"_validationErrors": [violation("x", "format", pointer)]})

    assert reason == (f"format at {kept}" if kept else "format")


def test_causes_are_listed_and_not_their_sum() -> None:
    causes = [violation("expected type: String, found: Long", pointer=f"#/f{n}") for n in range(9)]
    whole = {"message": "9 schema violations found", "causingExceptions": causes}

    reason = reason_of({"_errors": {"_streamingValidation": [whole]}})

    assert reason.count(";") == 4
    assert reason.startswith("type at #/f0: expected type: String, found: Long; type at #/f1")


def test_other_forms_of_errors() -> None:
    row = {"code": "1401", "message": "Row is corrupted and cannot be read, please fix and resend."}
    header = {"message": "Payload header is missing Source Name"}

    assert reason_of({"_errors": [row]}) == "1401"
    assert reason_of({"_errors": {"_streamingValidation": [header]}}) == header["message"]
    assert reason_of({"_validationErrors": [{"message": "Payload body is missing xdmEntity"}]})


@pytest.mark.parametrize(
    "record",
    [None, [], {}, {"_errors": 1}, {"_errors": [1, None]}, {"_validationErrors": {"a": 1}}],
)
def test_unknown_shape_has_no_reason(record: Any) -> None:
    assert reason_of(record) == ""


def test_reason_is_bounded() -> None:
    deep: dict[str, Any] = violation("CANARY")
    for _ in range(50):
        deep = {"causingExceptions": [deep]}
    wide = [violation("x", pointer="#/" + "/".join(["a" * 79] * 20) + f"/b{n}") for n in range(9)]

    assert reason_of({"_validationErrors": [deep]}) == ""
    assert len(reason_of({"_validationErrors": wide}).encode()) <= MOST_BYTES
