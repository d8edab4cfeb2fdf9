"""What `inlet map` asks the provisioner: schemas of a connection, and Adobe's own verdict."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from adobe_emulator.xdm_schemas import SCHEMA_ID
from tests.support.checked_messages import GOOD, SCHEMA
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud

WRONG = {**GOOD, "points": "seven", "unknown": 1}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        cloud.adobe.schemas[SCHEMA_ID] = SCHEMA
        yield cloud


def validate(cloud: DeliveryCloud, message: Any, **changes: Any) -> dict[str, Any]:
    request = {"connection": "orders", "flow": "orders", "message": message, **changes}
    return cloud.provisioned.ask(action="validate", **request)


def enable_validation(cloud: DeliveryCloud) -> None:
    cloud.adobe.behavior = replace(cloud.adobe.behavior, validates_synchronously=True)


def test_schemas_and_namespaces_of_a_connection(cloud: DeliveryCloud) -> None:
    answer = cloud.provisioned.ask(action="schemas", connection="orders")

    assert answer["ok"]
    assert answer["data_type"] == "xdm"
    assert answer["flows"]["orders"]["required"] == ["loyaltyId"]
    assert answer["flows"]["orders"]["meta:class"] == SCHEMA["meta:class"]
    assert "title" not in answer["flows"]["orders"]
    assert {"Email", "ECID", "hubspot"} <= set(answer["namespaces"])


def test_adobe_validates_a_message(cloud: DeliveryCloud) -> None:
    enable_validation(cloud)

    assert validate(cloud, GOOD)["verdict"] == {
        "passed": True,
        "reasons": (),
        "sandbox": "dev",
        "sandbox_type": "development",
    }
    verdict = validate(cloud, WRONG)["verdict"]
    assert verdict["passed"] is False
    assert any("extraneous key [unknown] is not permitted" in each for each in verdict["reasons"])
    assert any(each.startswith("#/points: ") for each in verdict["reasons"])
    assert len(cloud.adobe.ledger.received) == 1
    assert "seven" not in cloud.log.getvalue()


def test_other_regions_and_the_limit_are_named(cloud: DeliveryCloud) -> None:
    verdict = validate(cloud, GOOD)["verdict"]
    assert verdict["passed"] is None
    assert verdict["reasons"] == ("Adobe validates synchronously in the region VA7 only",)

    enable_validation(cloud)
    for _ in range(60):
        validate(cloud, GOOD)
    assert "60 messages a minute" in validate(cloud, GOOD)["verdict"]["reasons"][0]


def test_production_sandbox_is_refused(cloud: DeliveryCloud) -> None:
    enable_validation(cloud)
    cloud.adobe.tenant = replace(cloud.adobe.tenant, sandbox_type="production")

    answer = validate(cloud, GOOD)
    assert answer["error"] == ("connection: sandbox dev is a production sandbox; use another stage")
    assert cloud.adobe.ledger.received == ()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"message": []}, "message: must be an object"),
        ({"flow": "others"}, "flow: there is orders"),
        ({"flow": 5}, "flow: "),
        ({"connection": "nowhere"}, "connection: there is no connection nowhere"),
        ({"extra": 1}, "extra: give connection, flow and message"),
        ({"message": {"a": "x" * 1_000_000}}, "message: is too large"),
    ],
)
def test_malformed_request_is_refused(
    cloud: DeliveryCloud, changes: dict[str, Any], error: str
) -> None:
    answer = validate(cloud, GOOD, **changes)

    assert not answer["ok"]
    assert answer["error"].startswith(error)
    json.dumps(answer)
