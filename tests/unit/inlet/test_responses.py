"""Tests of the responses of the inlet and their meaning for each message."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.outcomes import Dead, DeadClass, Delivered, Retry
from bridge.inlet.responses import (
    read_single,
    retry_after,
    token_refused,
)
from bridge.ports.adobe import InletResponse
from tests.support.fakes import NOON, taken
from tests.support.inlet_responses import UNKNOWN_FORMAT, json_values


def test_200_with_an_xaction_id_is_delivered() -> None:
    """The only success of a single message."""
    assert read_single(taken("1:2:3"), NOON) == Delivered("1:2:3")


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"[]", b"{}", b'{"xactionId":7}', b"\xff"])
def test_200_with_another_body_is_retried(body: bytes) -> None:
    """Truncated, empty and foreign bodies are no receipts."""
    assert isinstance(read_single(InletResponse(200, {}, body), NOON), Retry)


@pytest.mark.parametrize("status", [201, 204, 207, 301, 302, 401, 403, 404, 415, 429, 500, 503])
def test_error_not_caused_by_the_message_is_retried(status: int) -> None:
    """Configuration, overload and redirections lose nothing."""
    assert isinstance(read_single(InletResponse(status), NOON), Retry)


@pytest.mark.parametrize(("status", "kind"), [(400, DeadClass.INVALID), (413, DeadClass.TOO_LARGE)])
def test_error_caused_by_the_message_is_permanent(status: int, kind: DeadClass) -> None:
    """Sending it again would not help."""
    outcome = read_single(InletResponse(status), NOON)

    assert isinstance(outcome, Dead)
    assert outcome.kind is kind


def test_missing_response_is_retried() -> None:
    """The work may have been done, so the message's `_id` has to carry that."""
    assert read_single(InletResponse(None), NOON) == Retry("the inlet did not respond")


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        (InletResponse(401), True),
        (InletResponse(403, {}, b'{"title":"Authorization"}'), True),
        (InletResponse(403), False),
        (InletResponse(403, {}, b"  \n"), False),
        (InletResponse(503), False),
        (InletResponse(None), False),
    ],
)
def test_only_a_rejected_token_is_worth_another_token(
    answer: InletResponse, *, refused: bool
) -> None:
    """An empty 403 is Adobe's IP allow-list."""
    assert token_refused(answer) is refused


def test_400_for_an_unknown_schema_names_the_dataset() -> None:
    """The body is that of "Retrieving failed batches"; no other text of Adobe's is repeated."""
    message = "inletId: [..] imsOrgId: [..] Message has unknown xdm format"
    body = json.dumps({"status": 400, "report": {"message": message}}).encode()

    assert read_single(InletResponse(400, body=body), NOON) == Dead(
        DeadClass.INVALID, UNKNOWN_FORMAT
    )


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("17", timedelta(seconds=17)),
        ("Sun, 01 Nov 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Sun, 01 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("99999999999999999999", timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 -2359", timedelta(days=1)),
        ("Mon, 01 Jan 0001 00:00:00 +2359", timedelta(0)),
        (f"Sun, {'9' * 30} Nov 2026 12:00:00 GMT", None),
        ("0000000000060", timedelta(seconds=60)),
        ("1.5", timedelta(seconds=2)),
        ("2.0", timedelta(seconds=2)),
        ("1.", None),
        (".5", None),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(value: str, wait: timedelta | None) -> None:
    """RFC 9110, 10.2.3."""
    assert retry_after({"retry-after": value}, NOON) == wait


@given(
    st.integers(100, 599) | st.none(),
    st.binary() | json_values.map(lambda v: json.dumps(v).encode()),
    st.text(),
)
def test_only_an_xaction_id_counts_as_delivered(
    status: int | None, body: bytes, after: str
) -> None:
    """Whatever comes back."""
    outcome = read_single(InletResponse(status, {"retry-after": after}, body), NOON)

    assert not isinstance(outcome, Delivered) or (status == 200 and b"xactionId" in body)
