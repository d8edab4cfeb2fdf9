"""What earlier versions wrote into SSM and into the buffer is read as it was meant.

`former/` keeps it, byte for byte, by the version that it names. A version is added when it changes,
and none is taken away while a message or a document of it may lie somewhere: 14 days for the
buffer, for ever for a document.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.delivery.delivery import DELIVERY_VERSION, Delivery
from bridge.route import Leg, Route
from bridge.source import DOCUMENT_VERSION, Source

FORMER = Path(__file__).parent / "former"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("delivery-1-text", '{"text":"é"}'.encode()),
        ("delivery-1-base64", b"\xff\x00" * 4),
        ("delivery-2-text", '{"text":"é"}'.encode()),
    ],
)
def test_a_delivery_in_the_buffer_is_read(name: str, body: bytes) -> None:
    read = Delivery.decode((FORMER / f"{name}.txt").read_text(encoding="utf-8"))

    assert (read.source, read.delivery_id, read.event_type) == ("github", "72d3162e", "push")
    assert (read.flow, read.received_at, read.buffered_at) == ("events", NOON, NOON)
    assert (read.body, read.attempts, read.sent_at) == (body, 3, None)


def test_a_source_in_ssm_is_read() -> None:
    read = Source.from_document((FORMER / "source-1.json").read_text(encoding="utf-8"))

    assert read.name == "github"
    assert read.routes == (Route((Leg("events"),)),)
    assert read.flows["events"].ready_at == datetime(2026, 11, 1, 11, tzinfo=UTC)
    assert read.flows["events"].behaviour == ""
    assert read.connection.authenticated
    # As it was before there were routes: nothing is thrown away.
    assert read.otherwise == "dead-letter"


def test_a_version_of_each_is_kept() -> None:
    """Whoever raises a number adds a file."""
    names = {path.name.split("-")[0] + path.name.split("-")[1][0] for path in FORMER.iterdir()}

    assert names == {f"source{number}" for number in range(1, DOCUMENT_VERSION + 1)} | {
        f"delivery{number}" for number in range(1, DELIVERY_VERSION + 1)
    }
