"""Tests for `bridge.inlet.client`."""

import json
from collections.abc import Sequence

from bridge.delivery.outcomes import Dead, DeadClass, Delivered, Retry, SingleOutcome
from bridge.inlet.client import InletSender, sequentially
from bridge.inlet.requests import InletRequests
from bridge.ports.adobe import InletResponse
from bridge.sources.connection import Destination
from tests.support import sample_webhooks as samples
from tests.support.fakes import FakeClock, FakeCounts, FakeInlet, FakeTokens, items, taken

INVALID = Dead(DeadClass.INVALID, "the inlet returned 400")
BATCH_URL = samples.INLET_URL.replace("/collection/", "/collection/batch/")


def send(inlet: FakeInlet, bodies: Sequence[bytes]) -> list[SingleOutcome]:
    counts = FakeCounts()
    sender = InletSender(InletRequests(inlet, FakeTokens(), counts), FakeClock(), counts)
    destination = Destination(samples.connection(), samples.flow())
    [outcomes] = sender.send_many([(destination, bodies)])
    return outcomes


def test_batch_returns_the_outcomes_in_order() -> None:
    inlet = FakeInlet([items({"xactionId": "1:2:3:0"}, {"status": 400}, {"status": 503})])

    outcomes = send(inlet, [b'{"n":0}', b'{"n":1}', b'{"n":2}'])

    assert outcomes == [Delivered("1:2:3:0"), INVALID, Retry("the inlet returned 503")]
    [(url, _, content)] = inlet.requests
    assert url == BATCH_URL
    assert [each["body"]["xdmEntity"]["n"] for each in json.loads(content)["messages"]] == [0, 1, 2]


def test_indeterminate_outcome_is_sent_again_alone() -> None:
    inlet = FakeInlet([items({"xactionId": "1:2:3:1"}), taken("alone")])

    assert send(inlet, [b"{}", b"{}"]) == [Delivered("alone"), Delivered("1:2:3:1")]
    assert [url for url, _, _ in inlet.requests] == [BATCH_URL, samples.INLET_URL]


def test_rejected_batch_is_bisected() -> None:
    invalid = InletResponse(400)
    inlet = FakeInlet([invalid, items({"xactionId": "x:0"}), invalid, invalid])

    assert send(inlet, [b"{}", b"{}"]) == [Delivered("x:0"), INVALID]


def test_outage_is_not_bisected_further() -> None:
    inlet = FakeInlet([InletResponse(500)] * 3)

    assert send(inlet, [b"{}"] * 4) == [Retry("the inlet returned 500")] * 4


def test_message_over_the_batch_limit_is_sent_alone() -> None:
    inlet = FakeInlet([taken("alone")])

    assert send(inlet, [b'"' + b"x" * 900_000 + b'"']) == [Delivered("alone")]
    assert [url for url, _, _ in inlet.requests] == [samples.INLET_URL]


def test_unforeseen_exception_is_a_retry() -> None:
    """`FakeInlet` without responses raises IndexError."""
    assert send(FakeInlet(), [b"{}"]) == [Retry("an unforeseen IndexError")]


def test_sequentially_keeps_the_order() -> None:
    assert sequentially(str, [2, 1]) == ["2", "1"]
