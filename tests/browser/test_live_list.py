"""Webhooks appear in the open list, and change there, without a reload."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.inspector_data import InspectedData
from tests.support.moto_deployment import STACK
from tests.support.served_inspector import Visit, served

LIST = f"/stacks/{STACK}/webhooks"


@pytest.fixture
def visit(browser: Browser, data: InspectedData, tmp_path: Path) -> Iterator[Visit]:
    with served(tmp_path) as inspector, inspector.signed_in(browser) as visit:
        yield visit


@pytest.fixture
def page(visit: Visit) -> Iterator[Page]:
    """The open list; at the end it is still the page that was loaded first."""
    page = visit.page
    page.goto(LIST)
    page.evaluate("window.isTheFirst = true")
    yield page
    assert page.evaluate("window.isTheFirst")


def test_webhook_appears(page: Page, data: InspectedData) -> None:
    sent = data.deliver("stripe", "invoice.voided", minutes=0, number=100)

    row = page.get_by_role("row").filter(has_text=sent.delivery_id)
    expect(row).to_contain_text("stripe")
    expect(row).to_contain_text("invoice.voided")
    expect(row).to_contain_text("delivered")


def test_refused_request_appears_with_its_reason(page: Page, data: InspectedData) -> None:
    request_id = data.refuse("shopify", "401", "the timestamp is 400 s old", minutes=0)

    row = page.get_by_role("row").filter(has_text=request_id)
    expect(row).to_contain_text("401")
    expect(row).to_contain_text("the timestamp is 400 s old")

    own = page.context.new_page()
    own.goto(row.get_by_role("link").get_attribute("href") or "")
    expect(own.get_by_role("main")).to_contain_text("the timestamp is 400 s old")


def test_row_changes_where_it_is(page: Page, data: InspectedData) -> None:
    waiting = data.waiting[0]
    row = page.get_by_role("row").filter(has_text=waiting.delivery_id)
    expect(row).to_contain_text("buffered")

    data.forward(waiting)

    expect(row).to_contain_text("delivered")
    expect(row).to_have_count(1)


def test_filter_shows_what_it_says_without_javascript(
    browser: Browser, data: InspectedData, tmp_path: Path
) -> None:
    with (
        served(tmp_path) as inspector,
        inspector.signed_in(browser, java_script_enabled=False) as visit,
    ):
        page = visit.page
        page.goto(LIST)
        page.get_by_label("Source", exact=True).fill("github")
        page.get_by_role("combobox", name="State").select_option("dead")
        page.get_by_role("button", name="Filter").click()

        assert "source=github" in page.url
        assert "state=dead" in page.url
        rows = page.get_by_role("row")
        expect(rows).to_have_count(2)  # With the headings.
        expect(rows.last).to_contain_text(data.dead[0].delivery_id)
