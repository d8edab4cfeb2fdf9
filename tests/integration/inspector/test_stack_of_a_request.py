"""Only a stack that the inspector shows, by a name that a stack can have, once it is deployed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError
from moto import mock_aws

from inlet_bridge.inspector.pages import stacks
from inlet_bridge.operations.deployed import Deployed
from tests.support.inspecting import opened
from tests.support.moto_deployment import STACK, Bridge, deployed_bridge

PAGE = f"/stacks/{STACK}/webhooks"


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


@pytest.mark.usefixtures("bridge")
def test_another_stack_is_not_shown(tmp_path: Path) -> None:
    response = opened(tmp_path, stack="another").get(PAGE)

    assert response.status_code == 404
    assert "another only" in response.text


@pytest.mark.usefixtures("bridge")
def test_a_stack_leads_to_its_webhooks(tmp_path: Path) -> None:
    response = opened(tmp_path).get(f"/stacks/{STACK}")

    assert (response.status_code, response.headers["location"]) == (303, PAGE)


@pytest.mark.usefixtures("bridge")
def test_a_missing_page_has_the_navigation_of_the_only_stack(tmp_path: Path) -> None:
    text = opened(tmp_path).get("/nothing").text

    assert f'<a href="{PAGE}">Webhooks</a>' in text
    assert "no stack chosen" not in text


@pytest.mark.usefixtures("bridge")
def test_a_mistyped_stack_is_answered_with_those_that_exist(tmp_path: Path) -> None:
    response = opened(tmp_path, stack="nosuch").get("/stacks/nosuch/webhooks")

    assert response.status_code == 503
    assert f"These stacks exist in this account and region: {STACK}." in response.text
    assert "<h1>There is no stack nosuch here</h1>" in response.text
    assert "--stack NAME" in response.text


@pytest.mark.usefixtures("bridge")
def test_without_a_chosen_stack_every_stack_is_shown(tmp_path: Path) -> None:
    assert opened(tmp_path, stack="").get(PAGE).status_code == 200


@pytest.mark.parametrize("name", ["1x", "a_b", "a.b", "%3Cscript%3E", "a" * 129, "é"])
def test_a_name_that_no_stack_can_have_asks_aws_nothing(name: str, tmp_path: Path) -> None:
    assert opened(tmp_path, stack="").get(f"/stacks/{name}/webhooks").status_code == 404


def test_a_stack_that_does_not_exist_yet_is_looked_for_again(tmp_path: Path) -> None:
    with mock_aws():
        client = opened(tmp_path)
        first = client.get(PAGE)
        again = client.get(PAGE, headers={"hx-request": "true"})

    assert first.status_code == 503
    assert f'hx-get="{PAGE}" hx-trigger="every 3s"' in first.text
    assert (again.status_code, again.text) == (204, "")


def test_the_page_appears_when_the_stack_is_deployed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = {"StackStatus": "CREATE_IN_PROGRESS"}
    described: Any = Deployed._description.func  # type: ignore[attr-defined]  # noqa: SLF001

    def describe(deployed: Deployed) -> dict[str, Any]:
        return {**described(deployed), **state}

    monkeypatch.setattr(Deployed, "_description", property(describe))
    with deployed_bridge(monkeypatch):
        client = opened(tmp_path)
        before = client.get(PAGE)
        state["StackStatus"] = "CREATE_COMPLETE"
        after = client.get(PAGE, headers={"hx-request": "true"})

    assert "is being deployed (CREATE_IN_PROGRESS)" in before.text
    assert after.status_code == 200


@pytest.mark.usefixtures("bridge")
def test_the_resources_of_a_stack_are_read_once_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = opened(tmp_path)
    client.get(PAGE)
    boto: Any = boto3.Session
    monkeypatch.setattr(boto, "client", lambda *_, **__: pytest.fail("a client is made again"))

    assert client.get(PAGE).status_code == 200


def test_missing_credentials_are_no_missing_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr(stacks, "bridge_stacks", unreachable)

    response = opened(tmp_path, stack="").get("/")
    assert response.status_code == 502
    assert "AWS cannot be asked: there are no credentials" in response.text
    assert "AWS_PROFILE" in response.text
    assert "permissions" not in response.text
