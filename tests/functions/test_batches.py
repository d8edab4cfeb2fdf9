"""Events of batches have keys of their own, however a retry groups them."""

import json
from typing import Any

import pytest

from bridge.messages.expressions import compile_expression
from bridge.verification.catalogue import PRESETS
from tests.support.sending_provider import SendingProvider, sending_provider

OK = range(200, 300)
BATCHES = [name for name, preset in PRESETS.items() if preset.split]
_HUBSPOT = {
    "eventId": 100,
    "subscriptionId": 7,
    "portalId": 1,
    "subscriptionType": "a",
    "objectId": 5,
}
_SOAP = "<Envelope><Body><notifications>{}</notifications></Body></Envelope>"


def _list(*items: object) -> bytes:
    return json.dumps(items).encode()


def _hubspot(attempt: int, *numbers: int) -> bytes:
    return _list(*({**_HUBSPOT, "occurredAt": n, "attemptNumber": attempt} for n in numbers))


def _json(path: str, item: Any) -> Any:
    """Makes bodies with a list at a path."""

    def body(_attempt: int, *numbers: int) -> bytes:
        items: object = [json.loads(json.dumps(item).replace('"%n"', f'"{n}"')) for n in numbers]
        for name in reversed(path.split(".")):
            items = {name: items} if name else items
        return json.dumps(items).encode()

    return body


def _salesforce(_attempt: int, *numbers: int) -> bytes:
    return _SOAP.format(
        "".join(f"<Notification><Id>04l{n}</Id></Notification>" for n in numbers)
    ).encode()


BODIES = {
    "hubspot_v1": _hubspot,
    "hubspot_v2": _hubspot,
    "hubspot_v3": _hubspot,
    "sendgrid": _json("", {"sg_event_id": "%n"}),
    "twilio_json": _json("", {"id": "%n"}),
    "line": _json("events", {"webhookEventId": "%n"}),
    "gocardless": _json("events", {"id": "%n"}),
    "microsoft_graph": _json("value", {"id": "%n", "clientState": "9c1f2b7e-Zoë"}),
    "xero": _json(
        "events", {"tenantId": "t", "resourceId": "r", "eventType": "a", "eventDateUtc": "%n"}
    ),
    "okta": _json("data.events", {"uuid": "%n"}),
    "azure_event_grid": _json("", {"topic": "t", "id": "%n"}),
    "cloudevents": _json("", {"source": "s", "id": "%n"}),
    "salesforce_outbound": _salesforce,
}


def split(monkeypatch: pytest.MonkeyPatch, name: str, **properties: object) -> SendingProvider:
    """A source of a provider that splits the provider's batches."""
    source = sending_provider(monkeypatch, name, Split=PRESETS[name].split, **properties)
    # These senders make a body of their own around the given one.
    source.sends_as_given = True
    return source


@pytest.mark.parametrize("name", BATCHES)
def test_event_has_the_same_key_alone_and_in_a_batch(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    source, body = split(monkeypatch, name), BODIES[name]

    assert source.send(body(0, 1), {}) in OK
    assert source.messages == 1
    [(_, alone)] = source.deliveries.records
    assert source.send(body(1, 2, 1), {}) in OK

    second, first = (delivery.key for delivery, _ in source.buffer.kept)
    assert first == alone
    assert second != first


@pytest.mark.parametrize("name", BATCHES)
def test_event_without_an_id_is_identified_by_its_webhook(name: str) -> None:
    """Otherwise all such events would be the same one."""
    expression = compile_expression(PRESETS[name].item_id)

    assert expression.value({"body": {}}) is None


def test_event_is_the_same_in_a_list_and_as_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """Event Streams and CloudEvents send both: `[body][]` takes an event of either form."""
    source = sending_provider(monkeypatch, "twilio_json", Split="[body][]")
    source.sends_as_given = True

    assert source.send(b'{"id": "EZ1", "type": "a"}', {}) in OK
    assert source.send(_list({"id": "EZ1", "type": "a"}), {}) in OK

    assert [key for _, key in source.deliveries.records] == ["item:EZ1"]
    assert source.messages == 1


def test_item_id_of_a_source_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    source = split(monkeypatch, "sendgrid", ItemId="body.own")

    assert source.send(_list({"sg_event_id": "1", "own": "a"}), {}) in OK

    assert [key for _, key in source.deliveries.records] == ["item:a"]


def test_other_lists_than_the_providers_have_no_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    source = sending_provider(monkeypatch, "line", Split="body.events[].parts[]")

    assert source.source.item_id == ""
