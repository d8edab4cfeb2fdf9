"""Recovery from a registration by somebody else."""

from collections.abc import Callable

import boto3
import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.registering_clouds import container, expire_registration, refused, warm_container
from tests.support.registrations import (
    NEW_PATH_TOKEN,
    NEW_TOKEN,
    OTHER,
    TOKEN,
    VENDOR,
    bringing,
    captured,
    captured_name,
    conflicts,
    deployed,
    webhook,
)


def delete_and_deploy_again(cloud: DeliveryCloud) -> str:
    """Redeploy the source at the same URL."""
    boto3.client("ssm").delete_parameter(Name=captured_name("asana"))
    deployed(cloud, "asana")
    return TOKEN


def delete_and_deploy_at_another_url(cloud: DeliveryCloud) -> str:
    """Redeploy the source at another URL, which the first client does not know."""
    boto3.client("ssm").delete_parameter(Name=captured_name("asana"))
    deployed(cloud, "asana", PathTokens=[NEW_PATH_TOKEN])
    return NEW_TOKEN


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("recover", [delete_and_deploy_again, delete_and_deploy_at_another_url])
def test_operator_recovers_from_an_unauthorized_registration(
    cloud: DeliveryCloud, recover: Callable[[DeliveryCloud], str], *, late: bool
) -> None:
    deployed(cloud, "asana")
    assert cloud.receive(bringing("asana", OTHER)).status == 200
    assert cloud.receive(webhook("asana", OTHER)).status == 200
    assert refused(cloud.receive(bringing("asana", VENDOR)))
    assert len(conflicts(cloud)) == 1
    if late:
        expire_registration("asana")

    token = recover(cloud)
    if token != TOKEN:
        cloud.restart()  # A minute later, no container has the former URL in its cache.

    assert cloud.receive(bringing("asana", VENDOR, token)).status == 200
    assert captured("asana") == VENDOR
    assert cloud.receive(webhook("asana", VENDOR, 2, token)).status == 200
    assert refused(cloud.receive(webhook("asana", OTHER, 3, token)))


def test_client_with_the_former_url_cannot_register_after_the_recovery(
    cloud: DeliveryCloud,
) -> None:
    deployed(cloud, "asana")
    knows_the_former = warm_container(cloud, "asana")
    cloud.receive(bringing("asana", OTHER))
    delete_and_deploy_at_another_url(cloud)

    with container(knows_the_former):
        assert cloud.receive(bringing("asana", OTHER)).status == 404
    assert captured("asana") is None
    cloud.restart()
    assert cloud.receive(bringing("asana", OTHER)).status == 404
    assert cloud.receive(bringing("asana", VENDOR, NEW_TOKEN)).status == 200
