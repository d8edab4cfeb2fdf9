"""Real custom resources: failing, rolled back and deleted, and an Adobe that is silent.

Each test is a small stack of its own whose resources the deployed provisioner serves. MiniStack
sends no Delete for a resource whose own Create failed, as AWS does, so it is another resource
that fails here.
"""

import hmac
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.built_artifacts import installed
from tests.support.deployment import deployed
from tests.support.release import change_file
from tests.support.stacks import Stacks
from tests.support.waiting import MAX_SECONDS

DOCUMENTS = Path("BridgeLayer/python/bridge/provisioning/sources/documents.py")
LIFETIME = "(SOURCE_LIFETIME + _IN_FLIGHT).total_seconds()"


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stacks]:
    """A bridge that waits a second, in place of 80, before it deletes what it replaced."""
    folder = tmp_path_factory.mktemp("provisioner")
    artifacts = installed().copy_of(DOCUMENTS.parts[0], folder / "artifacts")
    change_file(artifacts.folder / DOCUMENTS, LIFETIME, "1.0")
    with deployed(folder, artifacts) as deployment:
        yield Stacks(deployment)


def test_failed_create_is_rolled_back_completely(stacks: Stacks) -> None:
    before = stacks.bridge.adobe.objects()
    status = stacks.act(
        "create",
        "failing-create",
        {
            "Connection": stacks.connection("failing"),
            "Source": stacks.source("failing", "failing", provider="nobody"),
        },
    )

    assert status == "ROLLBACK_COMPLETE", stacks.reasons("failing-create")
    assert "nobody" in stacks.reasons("failing-create")
    assert stacks.bridge.adobe.objects() == before
    assert not stacks.bridge.parameters.below("connections/failing")


def test_failed_update_restores_the_previous_state_and_deletion_leaves_nothing(
    stacks: Stacks,
) -> None:
    before = stacks.bridge.adobe.objects()
    sources = stacks.bridge.parameters.below("sources")
    good = {
        "Connection": stacks.connection("shop"),
        "Source": stacks.source("shop", "shop"),
    }
    assert stacks.act("create", "update", good) == "CREATE_COMPLETE"
    standing = stacks.parameters("shop")

    dataset = {"Name": "Shop", "SchemaId": stacks.bridge.adobe.schema_id}
    changes: list[dict[str, Any]] = [
        {"Authenticated": "false"},
        {"Flows": [{"Name": "shop", "Dataset": dataset}]},
    ]
    for changed in changes:
        failing = {
            "Connection": stacks.connection("shop", **changed),
            "Source": stacks.source("shop", "shop", provider="nobody"),
        }
        status = stacks.act("update", "update", failing)
        assert status == "UPDATE_ROLLBACK_COMPLETE", stacks.reasons("update")
        assert stacks.parameters("shop") == standing
        assert stacks.bridge.adobe.objects() == before + 4
        assert send(stacks, "shop") in {200, 202}

    flow_id = standing["connections/shop/flows/shop/flow_id"]
    moved = {**good, "Connection": stacks.connection("shop", **changes[1])}
    assert stacks.act("update", "update", moved) == "UPDATE_COMPLETE"
    assert flow_id not in stacks.parameters("shop").values()
    assert stacks.bridge.adobe.objects() == before + 4

    assert stacks.act("delete", "update") == "DELETE_COMPLETE"
    assert stacks.bridge.adobe.objects() == before
    assert not stacks.bridge.parameters.below("connections/shop")
    assert stacks.bridge.parameters.below("sources") == sources


def send(stacks: Stacks, source: str) -> int:
    """Send a webhook as GitHub does; the status of the answer."""
    body = b'{"shop": 1}'
    secret = stacks.bridge.parameters.secret("github").encode()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": f"shop-{time.time_ns()}",
        "X-GitHub-Event": "push",
        "X-Hub-Signature-256": f"sha256={hmac.new(secret, body, sha256).hexdigest()}",
    }
    headers["Host"] = stacks.bridge.api.host
    url = f"{stacks.cloud.endpoint}/webhooks/{source}"
    return requests.post(url, data=body, headers=headers, timeout=MAX_SECONDS).status_code


def test_unresponsive_adobe_still_gets_cloudformation_a_timely_response(
    stacks: Stacks,
) -> None:
    stacks.fault(service="flow-service", times=None, delay_seconds=3_600)
    slow = stacks.connection("silent")
    slow["Properties"]["ServiceTimeout"] = 20
    try:
        status = stacks.act("create", "silent", {"Connection": slow})
    finally:
        stacks.clear_faults()

    assert status == "ROLLBACK_COMPLETE"
    reasons = stacks.reasons("silent")
    assert "did not answer" in reasons or "no time is left" in reasons
    assert "timed out" not in reasons  # As CloudFormation says after the ServiceTimeout.
