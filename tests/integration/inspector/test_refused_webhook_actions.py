"""Actions on a webhook that are refused, and hostile forms."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bridge.adapters.aws.sqs import SqsBuffer
from bridge.errors import UnavailableError
from inlet_bridge.inspector.web.addresses import webhook_path
from tests.support.hostile_text import HOSTILE
from tests.support.inspecting import opened
from tests.support.kept_webhooks import Inspected
from tests.support.moto_deployment import STACK
from tests.support.webhook_action_forms import act, form, post, recorded


@pytest.fixture
def browser(cloud: Inspected, tmp_path: Path) -> TestClient:
    return opened(tmp_path, actions_allowed=True)


@pytest.mark.parametrize("action", ["replay", "redrive", "drop"])
def test_nothing_is_done_without_permission(action: str, cloud: Inspected, tmp_path: Path) -> None:
    cloud.receive("d-0")
    cloud.commands.bridge.buried("d-1")
    browser = opened(tmp_path)
    fields = {"action": action, "delivery_id": "d-1", "run_id": "x"}

    response = browser.post(webhook_path(STACK, "github", "d-1"), data=fields)

    assert response.status_code == 403
    assert "--allow-actions" in response.text
    assert cloud.commands.bridge.dead() == {"d-1"}
    assert recorded(tmp_path) == []
    for name in ("d-0", "d-1"):
        page = browser.get(webhook_path(STACK, "github", name)).text
        assert "The inspector is read-only" in page
        assert "<button>" not in page


def test_action_that_cannot_be_recorded_is_not_done(
    cloud: Inspected, browser: TestClient, tmp_path: Path
) -> None:
    cloud.commands.bridge.buried("d-1")
    fields = form(browser, "drop", "d-1")
    (tmp_path / "actions.jsonl").mkdir()

    response = browser.post(webhook_path(STACK, "github", "d-1"), data=fields)

    assert response.status_code == 502
    assert "it cannot be recorded" in response.text
    assert cloud.commands.bridge.dead() == {"d-1"}


def test_replay_that_failed_halfway_says_how_to_go_on(
    cloud: Inspected, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.receive("d-1")
    fields = form(browser, "replay", "d-1")

    def fail(*_: object) -> None:
        raise UnavailableError("the buffer cannot be written: pretended")

    with monkeypatch.context() as context:
        context.setattr(SqsBuffer, "put_all", fail)
        failed = post(browser, "d-1", fields)
    assert cloud.commands.bridge.waiting() == []
    again = post(browser, "d-1", fields)

    assert "the buffer cannot be written: pretended. Replay it again" in failed
    assert "It is in the buffer" in again
    assert [each.delivery_id for each in cloud.commands.bridge.waiting()] == ["d-1"]


def test_action_without_the_id_asks_again(
    cloud: Inspected, browser: TestClient, tmp_path: Path
) -> None:
    cloud.commands.bridge.buried("d-1")

    for fields in ({"action": "drop"}, {"action": "drop", "delivery_id": "d-2"}):
        response = browser.post(webhook_path(STACK, "github", "d-1"), data=fields)
        assert response.status_code == 303
        assert response.headers["location"].endswith("?confirm=drop")
    assert cloud.commands.bridge.dead() == {"d-1"}
    assert recorded(tmp_path) == []


def test_malformed_forms_are_rejected(cloud: Inspected, browser: TestClient) -> None:
    cloud.receive("d-1")
    path = webhook_path(STACK, "github", "d-1")
    stale = {"action": "replay", "delivery_id": "d-1"}

    assert browser.post(path, data={"action": "erase", "delivery_id": "d-1"}).status_code == 400
    assert browser.post(path, json=stale).status_code == 415
    assert browser.post(path, data=stale | {"x": "y" * 100_000}).status_code == 413
    for run_id in ("", "../../x", "20200101T000000000Z-0a1b2c", "29990101T000000000Z-0a1b2c"):
        assert "It failed" in post(browser, "d-1", stale | {"run_id": run_id})
    assert cloud.commands.bridge.waiting() == []


def test_a_link_cannot_make_the_page_say_anything(cloud: Inspected, browser: TestClient) -> None:
    cloud.receive("d-1")

    text = browser.get(webhook_path(STACK, "github", "d-1", notice="You won")).text

    assert "You won" not in text.replace("confirm", "")
    assert 'class="notice' not in text


def test_hostile_id_can_be_dropped(cloud: Inspected, browser: TestClient) -> None:
    name = "\"><script>alert(1)</script>'/../?confirm=replay#\u3164\ufe0f"
    cloud.commands.bridge.buried(name)
    question = browser.get(webhook_path(STACK, "github", name, confirm="drop")).text

    assert "<script>alert" not in question
    assert act(browser, "drop", name) == "The dead letter was deleted."
    assert HOSTILE not in question
