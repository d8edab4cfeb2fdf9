"""Numbers of a webhook reach the inlet as they were sent."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.json_texts import objects
from tests.support.webhook_events import signed

NUMBERS = (
    *(
        "987654321098765.654321",
        "1e400",
        "1E5",
        "1e-400",
        "0.1000",
        "-0",
        "-0.0",
        "1.0",
        "2.50E+10",
    ),
    *("9" * 5_000, "-" + "8" * 4_301, "0." + "1" * 2_000, "1e999999999999999999999", "0e99999"),
)
_seen: list[str] = []
WITH_A_MAP = [{"Flow": "orders", "Map": {"all": "body", "one": "body.number"}}]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        yield cloud
    _seen.clear()


def entities(cloud: DeliveryCloud) -> list[str]:
    """The entities that the inlet received since the last call."""
    received = cloud.adobe.ledger.received[len(_seen) :]
    contents = [message.content.decode() for message in received]
    _seen.extend(contents)
    return [text.partition('"xdmEntity":')[2].removesuffix("}}") for text in contents]


def send(cloud: DeliveryCloud, body: str) -> None:
    """Send a webhook with an id of its own; the forwarder sends what is buffered."""
    send_number = len(cloud.records())
    headers = {"x-github-delivery": f"d-{send_number}"}
    answer = cloud.receive(signed("github-signed", body=body.encode(), headers=headers))
    assert answer.status in {200, 202}, answer
    if cloud.depth()["ready"]:
        assert cloud.forward_what_waits() == []


def configure(cloud: DeliveryCloud, **properties: Any) -> None:
    cloud.configure("github", **properties)
    cloud.restart()


def test_numbers_that_nobody_computes_with_are_unchanged(cloud: DeliveryCloud) -> None:
    def sent(body: str) -> list[str]:
        send(cloud, body)
        return entities(cloud)

    for number in NUMBERS:
        body = f'{{"number":{number},"card":1}}'
        assert sent(body) == [body]

    configure(cloud, Privacy={"Drop": ["card"]})
    for number in NUMBERS:
        assert sent(f'{{"number":{number},"card":1}}') == [f'{{"number":{number}}}']

    configure(cloud, Split="body.items")
    for number in NUMBERS:
        events = [f'{{"number":{number},"at":0}}', f'{{"number":{number},"at":1}}']
        assert sent(f'{{"items":[{",".join(events)}]}}') == events

    configure(cloud, Routes=WITH_A_MAP)
    for number in NUMBERS:
        body = f'{{"number":{number}}}'
        assert sent(body) == [f'{{"all":{body},"one":{number}}}']


def test_buffered_and_redriven_numbers_are_unchanged(cloud: DeliveryCloud) -> None:
    configure(cloud, Routes=WITH_A_MAP, Delivery="queued", Privacy={"Mask": ["name"]})
    for number in NUMBERS:
        send(cloud, f'{{"number":{number},"name":"Ada"}}')

        assert entities(cloud) == [
            f'{{"all":{{"number":{number},"name":"***"}},"one":{number}}}',
        ]


def test_number_in_a_map_is_unchanged(cloud: DeliveryCloud) -> None:
    """CloudFormation sends the numbers of a template as strings."""
    written = {"price": "0.10", "large": "1e400", "literal": "`987654321098765.654321`"}
    configure(cloud, Routes=[{"Flow": "orders", "Map": written}])

    send(cloud, "{}")

    assert entities(cloud) == ['{"price":0.10,"large":1e400,"literal":987654321098765.654321}']


def test_conditions_compare_exact_numbers(cloud: DeliveryCloud) -> None:
    conditions = {
        "equal": "body.n == `1.0`",
        "cents": "body.n == `0.10`",
        "exact": "body.n == `9007199254740993.0`",
        "large": "body.n > `1e400`",
        "small": "body.n < `0`",
        "truth": "body.n == `true`",
    }
    selected = {name: f"body[?{when.replace('body.', '')}].id" for name, when in conditions.items()}
    configure(cloud, Routes=[{"Flow": "orders", "Map": selected}])
    values = {
        "a": "1",
        "b": "1.00",
        "c": "0.1",
        "d": "1e401",
        "e": "-1e-400",
        "f": "9007199254740993",
        "g": "9007199254740992.0",
        "h": "true",
        "i": "10e-1",
    }
    items = ",".join(f'{{"id":"{name}","n":{number}}}' for name, number in values.items())

    send(cloud, f"[{items}]")

    assert entities(cloud) == [
        '{"equal":["a","b","i"],"cents":["c"],"exact":["f"],"large":["d"],"small":["e"],"truth":["h"]}'
    ]


def test_a_schema_checks_exact_numbers(cloud: DeliveryCloud) -> None:
    schema = '{"properties":{"n":{"type":"number","maximum":0.3,"multipleOf":0.1}}}'
    configure(cloud, Routes=[{"Flow": "orders", "Schema": schema, "Map": {"n": "body.n"}}])
    for number in ("0.3", "0.30", "-1e400", "0.30000000000000000001", "0.25"):
        send(cloud, f'{{"n":{number}}}')

    assert entities(cloud) == ['{"n":0.3}', '{"n":0.30}', '{"n":-1e400}']
    assert len(cloud.dead()) == 2


def test_ids_are_read_exactly(cloud: DeliveryCloud) -> None:
    """Two ids that are the same double are two events."""
    configure(
        cloud,
        Split="body",
        ItemId="body.id",
        Routes=[{"Flow": "orders", "Map": {"id": "to_string(body.id)"}}],
    )
    send(cloud, '[{"id":0.12345678901234567890},{"id":0.12345678901234567891}]')

    assert entities(cloud) == [
        '{"id":"0.12345678901234567890"}',
        '{"id":"0.12345678901234567891"}',
    ]


def test_any_json_reaches_the_inlet_unchanged(cloud: DeliveryCloud) -> None:
    """Through the receiver and the forwarder, with a `Map` of the whole body under `Split`."""
    configure(
        cloud,
        Split="body.items",
        Privacy={"Drop": ["card"]},
        Routes=[{"Flow": "orders", "Map": {"all": ["`0`", "to_string(body)"]}}],
    )

    @given(objects)
    @settings(
        max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def check(item: str) -> None:
        send(cloud, f'{{"items":[{item}],"card":1}}')

        [text] = entities(cloud)
        [_, written] = json.loads(text)["all"]
        assert written == item

    check()
