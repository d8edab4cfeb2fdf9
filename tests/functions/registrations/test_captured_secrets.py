"""Which values are captured as the secret of a source."""

import boto3
import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.registering_clouds import container, expire_registration, refused, warm_container
from tests.support.registrations import (
    CUSTOM,
    OTHER,
    VENDOR,
    bringing,
    captured,
    captured_name,
    conflicts,
    deployed,
)


def test_no_secret_is_captured_after_the_registration_expires(cloud: DeliveryCloud) -> None:
    deployed(cloud, "asana")
    knows_the_hour = warm_container(cloud, "asana")
    expire_registration("asana")

    assert cloud.receive(bringing("asana", VENDOR)).status >= 400
    with container(knows_the_hour):
        assert cloud.receive(bringing("asana", VENDOR)).status >= 400
    assert captured("asana") is None


def test_source_without_a_registration_captures_no_secret(cloud: DeliveryCloud) -> None:
    boto3.client("ssm").put_parameter(
        Name=captured_name("asana"), Value=VENDOR, Type="SecureString"
    )
    answer = cloud.provisioned.send(
        "source-create", Name="asana", Provider="asana", Secrets=[captured_name("asana")]
    )
    assert answer["Status"] == "SUCCESS"

    assert refused(cloud.receive(bringing("asana", OTHER, token="")))
    assert captured("asana") == VENDOR
    assert conflicts(cloud) == []


def test_request_that_fails_the_access_rules_registers_nothing(cloud: DeliveryCloud) -> None:
    deployed(cloud, "asana", AllowedCidrs=["192.0.2.0/24"])
    elsewhere = bringing("asana", VENDOR)
    inside = bringing("asana", VENDOR, token="CANARY-guessed-token")
    inside["requestContext"]["http"]["sourceIp"] = "192.0.2.9"

    assert refused(cloud.receive(elsewhere))
    assert cloud.receive(inside).status == 404
    assert captured("asana") is None


@pytest.mark.parametrize(
    "secret",
    [
        *("short", "x" * 300, "with spaces " * 4, "ë" * 40, "a line\n" + "x" * 40),
        "{{ssm:/inlet-bridge/dev/secrets/adobe}}",
    ],
)
def test_value_that_is_not_a_secret_is_neither_captured_nor_a_conflict(
    cloud: DeliveryCloud, secret: str
) -> None:
    deployed(cloud, "notion")
    assert cloud.receive(bringing("notion", secret)).status == 503
    assert captured("notion") is None

    assert cloud.receive(bringing("notion", VENDOR)).status == 200
    assert refused(cloud.receive(bringing("notion", secret)))
    assert conflicts(cloud) == []


def test_value_that_is_not_a_key_of_the_scheme_is_not_captured(cloud: DeliveryCloud) -> None:
    scheme = {**CUSTOM["Scheme"], "Key": "hex"}
    deployed(cloud, "custom", Scheme=scheme)

    assert cloud.receive(bringing("custom", "z" * 64)).status == 503
    assert captured("custom") is None
    assert cloud.receive(bringing("custom", "0f" * 32)).status == 200
    assert captured("custom") == "0f" * 32
