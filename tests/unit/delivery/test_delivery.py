"""The buffered form."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.delivery import Delivery
from tests.fakes import NOON


@given(st.binary(), st.text(), st.text())
def test_a_delivery_comes_back_as_it_went(body: bytes, delivery_id: str, event: str) -> None:
    """Byte for byte."""
    delivery = Delivery("github", delivery_id, event, "events", NOON, body)

    assert Delivery.decode(delivery.encode()) == delivery


def test_the_senders_time_comes_back_and_may_be_missing() -> None:
    """What was buffered by a former version has none."""
    delivery = Delivery("github", "d-1", "issues", "events", NOON, b"{}", NOON)
    former = json.loads(delivery.encode())
    del former["sent_at"]

    assert Delivery.decode(delivery.encode()) == delivery
    assert Delivery.decode(json.dumps(former)).sent_at is None


def test_a_large_body_is_compressed() -> None:
    """A body of the inlet's bound fits SQS's 1 MiB."""
    delivery = Delivery("github", "d-1", "issues", "events", NOON, b'{"a":"b"},' * 100_000)

    text = delivery.encode()

    assert len(text) < 1_048_576
    assert Delivery.decode(text) == delivery


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "7",
        "null",
        '{"version":2}',
        '{"version":1}',
        '{"version":1,"body":"!"}',
        "[" * 100_000,
        json.dumps(
            {
                "version": 1,
                "body": "AAAA",
                "encoding": "zlib+base64",
                "source": "s",
                "delivery_id": "d",
                "event_type": "",
                "flow": "f",
                "received_at": "2026-11-01T12:00:00+00:00",
            }
        ),
    ],
)
def test_anything_else_is_a_value_error(text: str) -> None:
    """So that the forwarder can make it a dead letter."""
    with pytest.raises(ValueError, match=r"."):
        Delivery.decode(text)
