"""Only a stack that the inspector shows, by a name that a stack can have."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.inspecting import opened
from tests.support.moto_deployment import STACK, Bridge, deployed_bridge


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


@pytest.mark.usefixtures("bridge")
def test_another_stack_is_not_shown(tmp_path: Path) -> None:
    client = opened(tmp_path, stack="another")

    response = client.get(f"/stacks/{STACK}/webhooks")

    assert response.status_code == 404
    assert "another only" in response.text


@pytest.mark.usefixtures("bridge")
def test_without_a_chosen_stack_every_stack_is_shown(tmp_path: Path) -> None:
    assert opened(tmp_path, stack="").get(f"/stacks/{STACK}/webhooks").status_code == 200


@pytest.mark.parametrize("name", ["1x", "a_b", "a.b", "%3Cscript%3E", "a" * 129, "é"])
def test_a_name_that_no_stack_can_have_asks_aws_nothing(name: str, tmp_path: Path) -> None:
    assert opened(tmp_path, stack="").get(f"/stacks/{name}/webhooks").status_code == 404
