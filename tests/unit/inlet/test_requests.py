"""Tests of the metrics of requests to an inlet."""

from copy import replace

import pytest

from bridge.delivery.counts import Measure
from bridge.delivery.outcomes import Retry
from bridge.errors import UnavailableError
from bridge.inlet.client import InletSender
from bridge.inlet.requests import InletRequests
from bridge.ports.adobe import InletResponse
from bridge.sources.connection import Destination
from tests.support import sample_webhooks as samples
from tests.support.fakes import FakeClock, FakeCounts, FakeInlet, FakeTokens, items, taken

REFUSED = InletResponse(401, {}, b"{}")


class NoTokens(FakeTokens):
    """IMS is away."""

    def current(self) -> str:
        raise UnavailableError("IMS does not answer: pretended")


def measured(
    *answers: InletResponse, bodies: int = 1, tokens: FakeTokens | None = None
) -> FakeCounts:
    counts = FakeCounts()
    requests = InletRequests(FakeInlet([*answers]), FakeTokens(), counts)
    sender = InletSender(requests, FakeClock(), counts)
    if bodies == 1:
        sender.send_one(samples.connection(), samples.flow(), b"{}")
    else:
        destination = Destination(samples.connection(), samples.flow())
        sender.send_many([(destination, [b"{}"] * bodies)])
    return counts


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (taken(), {}),
        (InletResponse(429), {Measure.INLET_THROTTLED: 1}),
        (InletResponse(500), {Measure.INLET_FAILED: 1}),
        (InletResponse(503), {Measure.INLET_FAILED: 1}),
        (InletResponse(None), {Measure.INLET_FAILED: 1}),
        (InletResponse(400), {Measure.MESSAGES_REFUSED: 1}),
        (InletResponse(413), {Measure.MESSAGES_REFUSED: 1}),
        (InletResponse(403), {}),
    ],
)
def test_response_moves_its_own_metric(answer: InletResponse, expected: dict[Measure, int]) -> None:
    assert measured(answer).measured == expected


def test_time_of_each_request_is_recorded() -> None:
    assert measured(replace(taken(), seconds=0.25)).latencies == [0.25]
    assert measured(InletResponse(None, seconds=2.5)).latencies == [2.5]


def test_items_of_a_batch_are_counted_one_by_one() -> None:
    answer = items({"status": 400}, {"xactionId": "1:2:3:1"}, {"status": 503})

    counts = measured(answer, bodies=3)

    assert counts.values[-1] == (Measure.MESSAGES_REFUSED, 2)


def test_batch_that_all_went_through_refuses_nothing() -> None:
    counts = measured(items({"xactionId": "1:2:3:0"}, {"xactionId": "1:2:3:1"}), bodies=2)

    assert counts.measured == {}


def test_token_that_is_renewed_is_not_a_failure() -> None:
    assert measured(REFUSED, taken()).measured == {}


def test_token_that_is_rejected_twice_is() -> None:
    assert measured(REFUSED, REFUSED).measured[Measure.TOKEN_FAILED] == 1


def test_no_token_is_a_failure_and_no_request() -> None:
    counts = FakeCounts()
    requests = InletRequests(FakeInlet(), NoTokens(), counts)

    outcome = InletSender(requests, FakeClock(), counts).send_one(
        samples.connection(), samples.flow(), b"{}"
    )
    assert outcome == Retry("IMS does not answer: pretended")
    assert counts.measured == {Measure.TOKEN_FAILED: 1}
