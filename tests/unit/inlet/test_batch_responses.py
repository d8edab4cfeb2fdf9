"""Tests of the responses of the inlet to batches: one outcome for each message."""

import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.outcomes import INDETERMINATE, Dead, DeadClass, Delivered, Retry
from bridge.inlet.responses import (
    may_be_one_message,
    read_batch,
)
from bridge.ports.adobe import InletResponse
from tests.support.fakes import NOON, items
from tests.support.inlet_responses import UNKNOWN_FORMAT, json_values

UUID = "9341f8eb-494a-4c89-9879-4d06a58d2dc7"


def test_documented_generation_of_failures_is_read() -> None:
    """`statusCode` and no xactionId, in the documentation's sample of 2019."""
    failure = {"statusCode": 400, "message": "inletId: [] Message has unknown xdm format"}

    outcomes = read_batch(items({"xactionId": "1:2:3:0"}, failure), 2, NOON)

    assert outcomes == [Delivered("1:2:3:0"), Dead(DeadClass.INVALID, UNKNOWN_FORMAT)]


def test_generation_of_2024_is_read() -> None:
    """`status` and no xactionId, in adobe/experience-platform-streaming-connect#62."""
    failure = {"status": 400, "message": "The 'header' field is mandatory."}

    assert isinstance(read_batch(items(failure), 1, NOON)[0], Dead)


def test_newest_generation_is_matched_by_the_index_in_its_xaction_id() -> None:
    """Answers may come in any order, and failures carry an xactionId too."""
    outcomes = read_batch(
        items(
            {"xactionId": f"{UUID}-2", "status": 503},
            {"xactionId": f"{UUID}-0"},
            {"xactionId": f"{UUID}-1", "status": 400, "message": "no"},
        ),
        3,
        NOON,
    )

    assert [type(outcome) for outcome in outcomes] == [Delivered, Dead, Retry]


def test_item_with_a_status_of_success_is_delivered() -> None:
    """2xx beside an xactionId."""
    assert read_batch(items({"xactionId": "1:2:3:0", "status": "200"}), 1, NOON) == [
        Delivered("1:2:3:0")
    ]


def test_missing_answer_is_never_success() -> None:
    """The documentation's own sample answers 4 of 5 messages."""
    outcomes = read_batch(items({"xactionId": f"{UUID}-0"}, {"xactionId": f"{UUID}-2"}), 3, NOON)

    assert outcomes == [Delivered(f"{UUID}-0"), INDETERMINATE, Delivered(f"{UUID}-2")]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # In order.
        (({"status": 503}, {"xactionId": f"{UUID}-1"}), [Retry, Delivered]),
        # Not in order: the failure may be that of the other message.
        (({"xactionId": f"{UUID}-1"}, {"status": 400}), [None, Delivered]),
        (({"status": 400}, {"xactionId": f"{UUID}-0"}), [Delivered, None]),
        (({"xactionId": f"{UUID}-7"}, {"status": 400}), [None, None]),
    ],
)
def test_answer_that_names_no_position_is_that_of_its_index_only_in_order(
    answers: tuple[dict[str, object], ...], expected: list[type | None]
) -> None:
    outcomes = read_batch(items(*answers), 2, NOON)

    assert [None if each is INDETERMINATE else type(each) for each in outcomes] == expected


def test_item_that_is_too_large_is_not_sent_again() -> None:
    [outcome] = read_batch(items({"status": 413, "message": "too large"}), 1, NOON)

    assert isinstance(outcome, Dead)
    assert outcome.kind is DeadClass.TOO_LARGE


def test_fewer_answers_that_name_no_position_tell_nothing() -> None:
    """The index of an item is its message's only where the numbers agree."""
    outcomes = read_batch(items({"status": 400}, {"status": 400}), 3, NOON)

    assert outcomes == [INDETERMINATE] * 3


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"[]", b"{}", b'{"responses":7}'])
def test_207_that_cannot_be_read_tells_nothing(body: bytes) -> None:
    """Each message is then sent alone."""
    assert read_batch(InletResponse(207, {}, body), 2, NOON) == [INDETERMINATE] * 2


@pytest.mark.parametrize("position", ["9" * 10, "9" * 5_000, "\u00b2", "\u0661"])
def test_position_that_no_batch_has_is_none(position: str) -> None:
    """Python reads no integer of more than 4,300 digits."""
    for xaction_id in (f"{UUID}-{position}", f"1:2:3:{position}"):
        answer = items({"xactionId": xaction_id, "status": 200})
        assert read_batch(answer, 2, NOON) == [INDETERMINATE] * 2


@pytest.mark.parametrize("status", [400, 413])
def test_batch_rejected_as_a_whole_is_not_attributed_to_a_message(status: int) -> None:
    """One of its messages may be the cause."""
    assert read_batch(InletResponse(status), 2, NOON) == [INDETERMINATE] * 2


responses = st.dictionaries(
    st.sampled_from(["xactionId", "status", "statusCode", "message"]),
    json_values | st.sampled_from([f"{UUID}-0", f"{UUID}-9", "1:2:3:1", 400, 200]),
)


@given(st.lists(responses | json_values, max_size=5), st.integers(1, 5))
def test_any_207_gives_one_outcome_for_each_message(answers: list[object], count: int) -> None:
    """Never more, never fewer, never an exception."""
    assert len(read_batch(items(*answers), count, NOON)) == count


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "xactionId": st.sampled_from(["1:2:3:0", "1:2:3:1", "1:2:3:7", "1:2:3:01", "x", 7]),
                "status": st.sampled_from([200, 200.0, True, 207, 400, 500, None]),
            },
        ),
        max_size=4,
    ),
    st.sampled_from(["1:2:3", "1:2", None, 7]),
    st.integers(1, 4),
)
def test_items_in_order_are_read_as_all_others(
    answers: list[dict[str, object]], batch_id: object, count: int
) -> None:
    """A status that is a text means the same and is not read the fast way."""
    others = [{**each, "status": "200"} if _is_ok(each) else each for each in answers]
    fast, slow = (
        InletResponse(207, {}, json.dumps({"batchId": batch_id, "responses": some}).encode())
        for some in (answers, others)
    )

    assert read_batch(fast, count, NOON) == read_batch(slow, count, NOON)


def _is_ok(item: dict[str, object]) -> bool:
    return type(item.get("status")) is int and item["status"] == HTTPStatus.OK


@pytest.mark.parametrize("status", [400, 413, 500])
def test_one_message_may_make_a_whole_batch_fail(status: int) -> None:
    """Then it is sent again in halves."""
    assert may_be_one_message(InletResponse(status))


@pytest.mark.parametrize("status", [None, 207, 401, 403, 404, 429, 502, 503, 504])
def test_outage_is_not_attributed_to_a_message(status: int | None) -> None:
    """Halves would only be more requests."""
    assert not may_be_one_message(InletResponse(status))


@pytest.mark.parametrize("status", [0, 100, 199, -1])
def test_status_below_200_is_no_success(status: int) -> None:
    [outcome] = read_batch(items({"xactionId": "1:2:3:0", "status": status}), 1, NOON)

    assert outcome == Retry(f"the inlet returned {status}")


def test_status_code_counts_beside_a_status_of_null() -> None:
    item = {"xactionId": f"{UUID}-0", "status": None, "statusCode": 400}

    assert read_batch(items(item), 1, NOON) == [Dead(DeadClass.INVALID, "the inlet returned 400")]


def test_success_with_an_empty_xaction_id_is_indeterminate() -> None:
    assert read_batch(items({"xactionId": "", "status": 200}), 1, NOON) == [INDETERMINATE]


@pytest.mark.parametrize("reverse", [False, True])
def test_items_that_contradict_each_other_are_indeterminate(*, reverse: bool) -> None:
    """Adobe may have accepted the message or not: it is sent again, and never given up."""
    accepted = {"xactionId": f"{UUID}-0", "status": 200}
    failed = {"xactionId": f"{UUID}-0", "status": 400, "message": "no"}
    answers = (failed, accepted, accepted) if reverse else (accepted, accepted, failed)

    assert read_batch(items(*answers, {"xactionId": f"{UUID}-1"}), 2, NOON) == [
        INDETERMINATE,
        Delivered(f"{UUID}-1"),
    ]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_of_the_response_holds_for_its_items(status: int) -> None:
    """A 207 has one header for messages that were throttled within it."""
    answer = items({"xactionId": f"{UUID}-0"}, {"xactionId": f"{UUID}-1", "status": status})
    answer = answer._replace(headers={"retry-after": "40"})

    assert read_batch(answer, 2, NOON) == [
        Delivered(f"{UUID}-0"),
        Retry(f"the inlet returned {status}", timedelta(seconds=40)),
    ]
