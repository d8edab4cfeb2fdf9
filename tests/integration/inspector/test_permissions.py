"""The policies of docs/inspector.md allow the calls of all pages and actions, and no others."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from bridge.delivery.delivery import Delivery
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.replay.run import new_id
from tests.support.aws_calls import AwsCall, recorded_calls
from tests.support.inspecting import opened
from tests.support.inspector_data import InspectedData
from tests.support.inspector_pages import PAGES, delivery_path
from tests.support.moto_deployment import STACK, deployed_bridge
from tests.support.sam_template import ROOT

PROVISIONER: Final = "inlet-bridge-dev-ProvisionerFunction-0a1b2c3d"
INVOKE: Final = "lambda:InvokeFunction"
PAGE: Final = (ROOT / "docs" / "inspector.md").read_text()

type Statement = dict[str, Any]


def policies() -> tuple[list[Statement], list[Statement]]:
    """The statements for reading, and those for actions."""
    reading, acting = (
        json.loads(each)["Statement"]
        for each in re.findall(r"```json\n(\{.*?)```", PAGE, re.DOTALL)
    )
    return reading, acting


def several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def permissions(statements: list[Statement]) -> set[tuple[str, str]]:
    """Each action with each resource."""
    return {
        (action, resource)
        for each in statements
        for action in several(each["Action"])
        for resource in several(each["Resource"])
    }


def allowing(call: AwsCall, statements: list[Statement]) -> set[tuple[str, str]]:
    """The permissions that allow a call."""
    return {
        (action, resource)
        for action, resource in permissions(statements)
        if action == call.action and fnmatchcase(call.resource, resource)
    }


class Calls:
    """What reading and acting calls."""

    def __init__(self, data: InspectedData, client: TestClient) -> None:
        self.client = client
        large = data.deliver("github", "push", minutes=1, number=50, size=20_000)
        unwanted = data.die("github", "issues", "x", number=51)
        with recorded_calls(denied=frozenset({INVOKE})) as self.reading:
            for shown in PAGES.values():
                client.get(shown.path(data))
            client.get(f"/stacks/{STACK}/overview?drift=1")
            client.get(delivery_path(large))
        with recorded_calls(denied=frozenset({INVOKE})) as self.acting:
            self._act(unwanted, "drop")
            self._act(data.dead[0], "redrive")
            self._act(data.delivered[0], "replay")
            self._act(data.failed[0], "drop")
            for change in ("pause", "resume"):
                for named in ({"source": "github"}, {"connection": "webhooks"}):
                    answer = client.post(f"/stacks/{STACK}/overview/{change}", data=named)
                    assert answer.status_code == 303

    def _act(self, delivery: Delivery, action: str) -> None:
        fields = {"action": action, "delivery_id": delivery.delivery_id}
        fields["run_id"] = new_id(datetime.now(UTC))
        answer = self.client.post(delivery_path(delivery), data=fields)
        assert 'class="notice done"' in self.client.get(answer.headers["location"]).text


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_REGION", "eu-central-1")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with deployed_bridge(patch) as bridge:
            resources: Callable[[Deployed], dict[str, str]] = Deployed.__dict__["resources"].func
            both = property(lambda self: {**resources(self), "ProvisionerFunction": PROVISIONER})
            patch.setattr(Deployed, "resources", both)
            data = InspectedData(bridge)
            data.all_states()
            folder = tmp_path_factory.mktemp("inspector")
            yield Calls(data, opened(folder, stack="", actions_allowed=True))


def test_reading_policy_allows_every_page(calls: Calls) -> None:
    reading, _ = policies()

    missing = {each for each in calls.reading if not allowing(each, reading)}
    assert {each.action for each in missing} == {INVOKE}
    assert {each.resource.rpartition(":")[2] for each in missing} == {PROVISIONER}


def test_both_policies_allow_every_action(calls: Calls) -> None:
    reading, acting = policies()

    missing = {each for each in calls.acting if not allowing(each, [*reading, *acting])}
    assert {each.action for each in missing} <= {INVOKE}


def test_nothing_is_allowed_that_no_page_calls(calls: Calls) -> None:
    reading, acting = policies()

    used = {found for each in calls.reading for found in allowing(each, reading)}
    assert used == permissions(reading)
    used = {found for each in calls.acting for found in allowing(each, acting)}
    assert used == permissions(acting)


def test_reading_policy_changes_nothing() -> None:
    reading, acting = policies()
    reads = re.compile(r"\w+:(?:Get|List|Describe|Query|BatchGet|Filter)\w*")

    assert all(reads.fullmatch(action) for action, _ in permissions(reading))
    assert not all(reads.fullmatch(action) for action, _ in permissions(acting))


def test_every_call_goes_to_the_endpoints_of_aws(calls: Calls) -> None:
    hosts = {each.host for each in (*calls.reading, *calls.acting)}

    assert hosts
    assert all(re.fullmatch(r"https://[a-z0-9.-]+\.amazonaws\.com", host) for host in hosts)
