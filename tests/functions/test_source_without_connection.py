"""A source without a connection verifies webhooks and forwards nothing: the preflight needs it."""

from collections.abc import Iterator

import boto3
import pytest

from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.provisioner_cloud import SECRET, Cloud, provisioner_cloud
from tests.support.webhook_events import SECRETS, signed

DROPPING = {"Name": "github", "Provider": "github", "Secrets": [SECRET], "Otherwise": "drop"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        boto3.client("ssm").put_parameter(Name=SECRET, Value=SECRETS["github"], Overwrite=True)
        yield cloud


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """A stage with nothing at Adobe, and without credentials."""
    with provisioner_cloud(monkeypatch) as empty:
        boto3.client("ssm").delete_parameter(Name="/inlet-bridge/dev/secrets/adobe")
        yield empty


def test_it_needs_neither_a_connection_nor_credentials(empty: Cloud) -> None:
    answer = empty.ask(action="apply", source=DROPPING)

    assert answer["ok"], answer
    assert answer["source"]["Url"].endswith("/webhooks/github")
    assert answer["warnings"] == []
    assert empty.objects() == 0
    assert empty.ask(action="drift") == {"ok": True, "drift": {}}
    assert empty.ask(action="destroy", source="github") == {"ok": True, "deleted": True}


@pytest.mark.parametrize(
    "properties", [{"Otherwise": "dead-letter"}, {"Routes": [{"Flow": "events"}]}]
)
def test_source_that_forwards_needs_a_connection(
    empty: Cloud, properties: dict[str, object]
) -> None:
    answer = empty.ask(action="apply", source={**DROPPING, **properties})

    assert answer["property"] == "Connection"
    assert "is required, unless there are no Routes and Otherwise is drop" in answer["error"]


def test_its_webhooks_are_verified_and_filtered(cloud: DeliveryCloud) -> None:
    dropping = {**DROPPING, "Name": "other"}
    assert cloud.provisioned.ask(action="apply", source=dropping)["ok"]
    request = signed("github-signed")
    request["pathParameters"]["source"] = "other"
    forged = {**request, "body": request["body"].replace("e", "f", 1)}

    answer = cloud.receive(request)

    assert (answer.status, answer.document["status"]) == (200, "filtered")
    assert cloud.receive(forged).status == 401
    assert not cloud.adobe.ledger.received
