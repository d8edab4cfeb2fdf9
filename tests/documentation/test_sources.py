"""The routes of events/sources: every sample becomes a message that Adobe ingests."""

from typing import Any

import pytest

from adobe_emulator.entity_check import fault_of
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, SCHEMAS
from bridge.verification.catalogue import PRESETS
from inlet_bridge.local.samples import Sample, read_samples
from inlet_bridge.local.signatures import PROVIDERS, Sending, signed_headers
from inlet_bridge.local.source_routes import ANY_PROVIDER, routes_of
from inlet_bridge.local.workspace import SAMPLES, SOURCES
from inlet_bridge.mapping.declared import Declared, read_source
from inlet_bridge.mapping.preview import assumed_source, preview
from inlet_bridge.template_reading.declared_resources import DeclaredResources
from tests.support.sam_template import ROOT, source_resources
from tests.support.verdicts import NOON

XDM = {"events": SCHEMAS[EVENTS_SCHEMA_ID]}
# Those that a class without field groups has.
OF_EVERY_EVENT = {"_id", "timestamp", "eventType", "producedBy"}
SAMPLES_BY_NAME = read_samples(SAMPLES)


def message_of(sample: Sample, *, has_tenant_fields: bool) -> dict[str, Any]:
    """The message of a sample as it is sent in the local cloud."""
    routes = routes_of(sample.provider, has_tenant_fields=has_tenant_fields)
    properties = {
        "Name": sample.provider,
        "Provider": sample.provider,
        "Connection": "webhooks",
        "Routes": routes,
    }
    source = assumed_source(Declared(properties, ("events",)), "time-series", XDM)
    headers = signed_headers(sample.provider, Sending(sample.event, sample.body, "d", NOON), "key")
    [shown] = preview(source, headers, sample.body).shown
    assert (shown.error, shown.flow) == ("", "events")
    assert shown.message is not None
    return dict(shown.message)


@pytest.mark.parametrize("name", SAMPLES_BY_NAME)
@pytest.mark.parametrize("has_tenant_fields", [True, False])
def test_every_sample_is_ingested(name: str, has_tenant_fields: bool) -> None:  # noqa: FBT001
    message = message_of(SAMPLES_BY_NAME[name], has_tenant_fields=has_tenant_fields)

    assert fault_of(XDM["events"], message) is None
    assert message["eventType"]
    assert has_tenant_fields or message.keys() == OF_EVERY_EVENT


def test_order_has_its_amount_products_and_customer() -> None:
    message = message_of(SAMPLES_BY_NAME["shopify/orders.create"], has_tenant_fields=True)

    assert message["commerce"]["order"]["priceTotal"] == 42
    assert message["commerce"]["order"]["currencyCode"] == "EUR"
    assert message["productListItems"][0]["SKU"] == "TEA-GM-100"
    assert message["identityMap"] == {"Email": [{"id": "mika@example.com", "primary": True}]}


def test_default_map_of_the_template_is_that_of_any_provider() -> None:
    declared = read_source(ROOT / "sources.yaml", "github")
    [route] = routes_of(ANY_PROVIDER, has_tenant_fields=False)

    assert declared.properties["Routes"] == [route]


def test_default_map_of_events_has_the_same_fields() -> None:
    of_events, of_webhooks = (
        source_resources()[name]["Properties"]["Routes"]
        for name in ("EventSource", "WebhookSource")
    )
    [[one], [other]] = of_events, of_webhooks

    assert one["Map"].keys() == other["Map"].keys()
    assert one["Flow"] == other["Flow"]


def test_every_file_is_of_a_provider() -> None:
    files = {path.stem: DeclaredResources(path).all() for path in SOURCES.glob("*.yaml")}

    assert files.keys() <= PRESETS.keys() | {ANY_PROVIDER}
    assert files.keys() - {ANY_PROVIDER} == set(PROVIDERS) - {"github"}
    for name, [source] in files.items():
        assert source.name == name
        assert source.properties.get("Provider", ANY_PROVIDER) == name
