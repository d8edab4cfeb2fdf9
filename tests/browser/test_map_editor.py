"""The map editor, in a browser, shows what `inlet map` prints, and saves it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.map_pages import (
    NAME,
    STACK,
    SchemaAccount,
    ShownResult,
    as_shown,
    file_with,
    inlet_map,
    use_account,
)
from tests.support.served_inspector import served

ROUTES = "Routes:\n  - Flow: events\n    Map:\n      eventType: event_type\n"
ADDED = "      level: body.note\n"
SAMPLE = '{"headers": {"x-shopify-topic": "orders/create"}, "body": {"id": 7, "note": "gold"}}'
SCHEMA = {
    "type": "object",
    "meta:class": "https://ns.adobe.com/xdm/context/experienceevent",
    "properties": {
        "_id": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "eventType": {"type": "string"},
        "level": {"type": "string", "enum": ["gold"]},
    },
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use_account(monkeypatch, SchemaAccount({"events": SCHEMA, "people": None}))
    file = tmp_path / "sources.yaml"
    file.write_text(file_with(ROUTES, "shopify"))
    return file


@pytest.fixture
def page(browser: Browser, file: Path, tmp_path: Path) -> Iterator[Page]:
    with (
        served(tmp_path, stack=STACK, actions_allowed=True, sources_file=file) as inspector,
        inspector.signed_in(browser) as visit,
    ):
        visit.watch.check(502)  # The account of the schemas has no logs for the first page.
        visit.page.goto(f"/stacks/{STACK}/maps/{NAME}")
        yield visit.page


def shown(page: Page) -> ShownResult:
    return ShownResult.of(page.content())


def test_typing_shows_what_inlet_map_prints_and_save_writes_it(
    page: Page, file: Path, tmp_path: Path
) -> None:
    sample, edited = tmp_path / "sample.json", tmp_path / "edited.yaml"
    page.get_by_role("textbox", name="Sample", exact=True).fill(SAMPLE)
    routes = page.get_by_role("textbox", name="Routes in")
    before = routes.input_value()

    for note, result in (("silver", "enum at level"), ("gold", '"level": "gold"')):
        text = SAMPLE.replace("gold", note)
        sample.write_text(text)
        edited.write_text(file_with(ROUTES + ADDED, "shopify"))
        page.get_by_role("textbox", name="Sample", exact=True).fill(text)
        routes.fill(before.rstrip("\n") + f"\n{' ' * 6}{ADDED}")
        expect(page.locator("#result")).to_contain_text(result)
        assert shown(page) == as_shown(inlet_map(edited, sample, "--json"))

    assert file.read_text() == file_with(ROUTES, "shopify")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert file.read_text() == edited.read_text()
    recorded = json.loads((tmp_path / "actions.jsonl").read_text())
    assert recorded["stack"] == STACK
