"""Replay, redrive, drop and pause, as an operator does them in a browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from playwright.sync_api import Browser, Page, expect

from bridge.delivery.delivery import Delivery
from tests.support.inspector_data import InspectedData
from tests.support.inspector_pages import delivery_path
from tests.support.moto_deployment import STACK
from tests.support.served_inspector import Served, served


@pytest.fixture
def inspector(data: InspectedData, tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, actions_allowed=True) as inspector:
        yield inspector


@pytest.fixture
def page(browser: Browser, inspector: Served) -> Iterator[Page]:
    with inspector.signed_in(browser) as visit:
        yield visit.page


def act(page: Page, delivery: Delivery, name: str) -> None:
    """Click the action, and confirm it."""
    page.goto(delivery_path(delivery))
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}?")
    page.get_by_role("button", name=f"{name} this delivery").click()
    expect(page.get_by_role("status").first).to_be_visible()


def recorded(inspector: Served) -> list[tuple[str, str]]:
    """The actions in the log, with what they were done on."""
    lines = map(json.loads, inspector.actions.read_text().splitlines())
    return [(line["action"], line.get("delivery_id") or line["source"]) for line in lines]


def test_failed_delivery_is_replayed(page: Page, data: InspectedData, inspector: Served) -> None:
    failed = data.failed[0]

    act(page, failed, "Replay")

    expect(page.get_by_role("status").first).to_contain_text("in the buffer")
    assert failed.key in {each.key for each in data.bridge.waiting()}
    assert recorded(inspector) == [("replay", failed.delivery_id)]


def test_dead_letter_is_redriven(page: Page, data: InspectedData, inspector: Served) -> None:
    dead = data.dead[0]

    act(page, dead, "Redrive")

    assert dead.delivery_id not in data.bridge.dead()
    assert dead.key in {each.key for each in data.bridge.waiting()}
    assert recorded(inspector) == [("redrive", dead.delivery_id)]


def test_dead_letter_is_dropped(page: Page, data: InspectedData, inspector: Served) -> None:
    dead = data.die("github", "issues", "the inlet responded 400", number=200)

    act(page, dead, "Drop")

    assert dead.delivery_id not in data.bridge.dead()
    assert recorded(inspector) == [("drop", dead.delivery_id)]


def test_action_that_is_cancelled_does_nothing(
    page: Page, data: InspectedData, inspector: Served
) -> None:
    dead = data.die("github", "issues", "the inlet responded 400", number=201)

    page.goto(delivery_path(dead, "?confirm=drop"))
    page.get_by_role("link", name="Cancel").click()

    expect(page).to_have_url(f"{inspector.origin}{delivery_path(dead)}")
    assert dead.delivery_id in data.bridge.dead()
    assert not inspector.actions.exists()


def test_source_is_paused_and_resumed(page: Page, inspector: Served) -> None:
    def stored() -> str:
        name = "/inlet-bridge/dev/sources/github/paused"
        return boto3.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]

    page.goto(f"/stacks/{STACK}/overview")
    page.get_by_role("button", name="Pause source github").click()

    expect(page.get_by_role("main")).to_contain_text("is paused since")
    paused = stored()

    page.get_by_role("button", name="Resume source github").click()

    expect(page.get_by_role("main")).not_to_contain_text("is paused since")
    assert stored() != paused
    assert recorded(inspector) == [("pause", "github"), ("resume", "github")]


def test_read_only_inspector_offers_nothing(
    browser: Browser, data: InspectedData, tmp_path: Path
) -> None:
    dead = data.die("github", "issues", "the inlet responded 400", number=202)
    with served(tmp_path) as inspector, inspector.signed_in(browser) as visit:
        page = visit.page
        expect(page.get_by_role("banner")).to_contain_text("read-only")
        for path in (delivery_path(dead), f"/stacks/{STACK}/overview"):
            page.goto(path)
            for name in ("Redrive", "Drop", "Pause"):
                for button in page.get_by_role("button", name=name).all():
                    assert button.is_disabled()
        page.goto(delivery_path(dead, "?confirm=drop"))
        assert page.get_by_role("button", name="Drop this delivery").is_disabled()

        # The page cannot be persuaded either.
        page.evaluate("document.querySelector('form button').disabled = false")
        page.get_by_role("button", name="Drop this delivery").click()
        expect(page.get_by_role("alert")).to_contain_text("--allow-actions")
        visit.watch.check(403)
    assert dead.delivery_id in data.bridge.dead()
