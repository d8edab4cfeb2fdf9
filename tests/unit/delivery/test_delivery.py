"""The buffered form."""

import json
import random
import string
from copy import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.body_encoding import fits_queue, not_for_sqs
from bridge.delivery.delivery import BodyKind, Delivery
from tests.support.fakes import NOON


@given(st.binary(), st.text(), st.text())
def test_delivery_comes_back_as_it_went(body: bytes, delivery_id: str, event: str) -> None:
    """Byte for byte."""
    delivery = Delivery(
        "github", delivery_id, f"id:{delivery_id}", event, "events", NOON, NOON, body, NOON, 3
    )

    assert Delivery.decode(delivery.encode()) == delivery


def test_query_comes_back_and_has_texts_only() -> None:
    delivery = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b"{}")
    read = replace(delivery, query={"shop": "Büro", "page": ["1", "2"]})
    text = read.encode()

    assert Delivery.decode(text) == read
    assert '"query"' not in delivery.encode()
    for wrong in ("[]", '{"a":1}', '{"a":[1]}', '{"a":{}}', '"a"'):
        changed = text.replace(json.dumps(read.query, separators=(",", ":")), wrong)
        assert changed != text
        with pytest.raises(ValueError, match="not a delivery"):
            Delivery.decode(changed)


def test_key_of_a_kept_body_and_replay_come_back_and_others_have_the_bytes_of_before() -> None:
    delivery = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b"{}")
    kept = replace(delivery, kept="id:d-1", replay="r-1")

    assert Delivery.decode(kept.encode()) == kept
    assert Delivery.decode(replace(kept, replay="").encode()) == replace(kept, replay="")
    assert '"kept"' not in delivery.encode()
    assert '"replay"' not in delivery.encode()
    for wrong in ("1", "null", "[]", "{}"):
        with pytest.raises(ValueError, match="not a delivery"):
            Delivery.decode(kept.encode().replace('"kept":"id:d-1"', f'"kept":{wrong}'))


def test_members_with_a_default_are_left_out_and_may_be_written() -> None:
    delivery = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b"{}")
    about, _, body = delivery.encode().partition("\n")
    defaults: dict[str, object] = {
        "sent_at": None,
        "attempts": 0,
        "headers": {},
        "not_before": None,
        "sends": 0,
    }
    defaults |= {"kind": "json", "query": {}, "kept": "", "replay": ""}

    assert not defaults.keys() & json.loads(about).keys()
    assert Delivery.decode(f"{json.dumps(json.loads(about) | defaults)}\n{body}") == delivery


def test_senders_time_comes_back_and_may_be_missing() -> None:
    """Not every sender gives one."""
    delivery = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b"{}", NOON)
    without = replace(delivery, sent_at=None)

    assert Delivery.decode(delivery.encode()) == delivery
    assert Delivery.decode(without.encode()) == without


@pytest.mark.parametrize("kind", ["json", "received", "document", "event"])
def test_what_reading_needs_comes_back(kind: BodyKind) -> None:
    delivery = replace(
        Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b"\x1f\x8b"), kind=kind
    )
    if kind == "received":
        delivery = replace(delivery, content_type="a/b; charset=big5", content_encoding="gzip")

    assert Delivery.decode(delivery.encode()) == delivery


@pytest.mark.parametrize(
    "members", [{"kind": "other"}, {"kind": []}, {"kind": "json", "content_type": 1}]
)
def test_unknown_kind_is_no_delivery(members: dict[str, object]) -> None:
    text = Delivery("s", "d", "id:d", "e", "f", NOON, NOON, b"{}").encode()
    about, _, content = text.partition("\n")
    with pytest.raises(ValueError, match="not a delivery"):
        Delivery.decode(f"{json.dumps(json.loads(about) | members)}\n{content}")


def test_body_that_fits_the_queue_is_known_without_encoding_it() -> None:
    noise = random.Random(7).randbytes(1_000_000)  # noqa: S311

    assert fits_queue(noise[:740_000])
    assert not fits_queue(noise)
    assert fits_queue(b"a" * 1_000_000)
    assert not fits_queue(b"a" * 1_000_001)


def test_large_body_is_compressed() -> None:
    """A body of the inlet's bound fits SQS's 1 MiB."""
    delivery = Delivery(
        "github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b'{"a":"b"},' * 100_000
    )

    text = delivery.encode()

    assert len(text) < 1_048_576
    assert Delivery.decode(text) == delivery


def test_body_that_nothing_compresses_fits_as_it_is() -> None:
    """1 MB of random printable text is the worst that the inlet's bound allows."""
    letters = string.ascii_letters + string.digits + "!#$%&()*+"
    chosen = random.Random(7).choices(letters, k=999_000)  # noqa: S311
    body = "".join(chosen).encode()
    delivery = Delivery("s" * 63, "d" * 256, "k" * 600, "e" * 256, "f" * 63, NOON, NOON, body)

    text = delivery.encode()

    assert len(text.encode()) < 1_048_576
    assert Delivery.decode(text) == delivery


def test_sqs_accepts_all_characters_of_its_documentation_and_no_others() -> None:
    """See SendMessage, MessageBody.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    """
    accepted = {0x9, 0xA, 0xD, *range(0x20, 0xD800), *range(0xE000, 0xFFFE)}
    accepted |= set(range(0x10000, 0x110000))

    rejected = {code for code in range(0x110000) if not_for_sqs().search(chr(code))}
    assert rejected == set(range(0x110000)) - accepted


@pytest.mark.parametrize("body", [b"\x00", "\ufffe".encode(), b"\xff", b"\x1b[0m"])
def test_characters_that_sqs_rejects_are_encoded(body: bytes) -> None:
    """SendMessage refuses most control characters."""
    text = Delivery("s", "d", "id:d", "e", "f", NOON, NOON, body).encode()

    assert text.isprintable() or "\n" in text
    assert "base64" in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "7",
        "null",
        '{"version":3}',
        '{"version":2}',
        '{"version":1}',
        '{"version":1,"body":"!"}',
        "[" * 100_000,
        json.dumps(
            {
                "version": 1,
                "encoding": "zlib+base64",
                "source": "s",
                "delivery_id": "d",
                "event_type": "",
                "flow": "f",
                "received_at": "2026-11-01T12:00:00+00:00",
                "buffered_at": "2026-11-01T12:00:00+00:00",
                "attempts": 0,
                "sent_at": None,
            }
        )
        + "\nAAAA",
    ],
)
def test_anything_else_is_a_value_error(text: str) -> None:
    """So that the forwarder can make it a dead letter."""
    with pytest.raises(ValueError, match=r"."):
        Delivery.decode(text)


@pytest.mark.parametrize(
    "change",
    [
        {"source": 5},
        {"delivery_id": None},
        {"event_type": ["push"]},
        {"flow": {}},
        {"received_at": "2026-11-01T12:00:00"},
        {"received_at": "noon"},
        {"received_at": 5},
        {"buffered_at": "2026-11-01T12:00:00"},
        {"attempts": "3"},
        {"sends": -1},
        {"headers": {"x-id": 5}},
        {"not_before": "2026-11-01T12:00:00"},
        {"sent_at": 5},
        {"encoding": "gzip"},
    ],
)
def test_field_of_the_wrong_form_is_a_value_error(change: dict[str, object]) -> None:
    """One such message must not fail the batch that it came in."""
    written = Delivery("github", "d-1", "id:d-1", "push", "events", NOON, NOON, b"{}").encode()
    about, _, body = written.partition("\n")

    with pytest.raises(ValueError, match=r"."):
        Delivery.decode(json.dumps(json.loads(about) | change) + f"\n{body}")
