"""Values that SSM rejects: no writer of the product stores them."""

import boto3
import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.webhook_events import signed

BRACES = "'{{name}} {{{other}}} {{ssm:/inlet-bridge/dev/secrets/adobe}}'"


def stored(cloud: DeliveryCloud) -> list[str]:
    return [name for name, text in cloud.provisioned.parameters().items() if "{{" in text]


def test_map_with_double_braces_is_stored_and_applied(cloud: DeliveryCloud) -> None:
    cloud.configure("github", Routes=[{"Flow": "orders", "Map": {"x": BRACES}}])
    cloud.restart()

    assert cloud.receive(signed("github-signed")).status == 200
    assert b"{{name}} {{{other}}} {{ssm:" in cloud.adobe.ledger.received[-1].content
    assert stored(cloud) == []


def test_connection_with_double_braces_is_stored(cloud: DeliveryCloud) -> None:
    answer = cloud.provisioned.send("connection-update", Description="for {{team}}")

    assert answer["Status"] == "SUCCESS", answer["Reason"]
    assert stored(cloud) == []


@pytest.mark.usefixtures("cloud")
def test_moto_rejects_double_braces_as_ssm_does() -> None:
    with pytest.raises(Exception, match="ValidationException"):
        boto3.client("ssm").put_parameter(Name="/a", Value="{{name}}", Type="String")
