"""The events are what the functions take."""

import json

import pytest

from benchmarks.events import SECRET, SOURCES, batch, body, parameters, webhook
from bridge.delivery.delivery import Delivery
from bridge.sources.source import Source
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from tests.support.fakes import NOON


@pytest.mark.parametrize("size", [200, 1_000, 8_000, 10_000])
def test_body_is_a_json_object_of_exactly_so_many_bytes(size: int) -> None:
    content = body(size, 7)

    assert len(content) == size
    assert json.loads(content)["id"] == "evt_00000007"


@pytest.mark.parametrize("name", SOURCES)
def test_webhook_passes_the_verification_of_its_source(name: str) -> None:
    event = json.loads(webhook(name, body(1_000)))
    urls = ("https://127.0.0.1/collection/a", "https://127.0.0.1/collection/b")
    document = parameters(*urls)[f"/inlet-bridge/bench/sources/{name}"]
    source = Source.from_document(document)

    verify(source.scheme, Webhook.from_http_api(event), (SECRET,), NOON)
    assert source.connection.authenticated is SOURCES[name]


def test_only_the_inlet_of_the_distant_source_is_another() -> None:
    known = parameters("https://127.0.0.1/collection/a", "https://127.0.0.1/collection/b")
    inlets = {
        name: {
            Source.from_document(known[f"/inlet-bridge/bench/sources/{name}"]).connection.inlet_url,
            json.loads(known[f"/inlet-bridge/bench/addresses/{name}"])["url"],
        }
        for name in SOURCES
    }

    near = {"https://127.0.0.1/collection/a"}
    assert inlets.pop("distant") == {"https://127.0.0.1/collection/b"}
    assert inlets == {"open": near, "authenticated": near}


def test_two_webhooks_are_two_deliveries() -> None:
    """The second of two equal ones would only be recognised."""
    first, second = (json.loads(webhook("open", b"{}", number)) for number in (1, 2))

    assert first["headers"]["x-github-delivery"] != second["headers"]["x-github-delivery"]


def test_batch_holds_deliveries_of_the_wanted_size() -> None:
    records = json.loads(batch(3, 1_000))["Records"]
    deliveries = [Delivery.decode(record["body"]) for record in records]

    assert [len(delivery.body) for delivery in deliveries] == [1_000] * 3
    assert len({delivery.delivery_id for delivery in deliveries}) == 3
