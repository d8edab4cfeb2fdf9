"""Everything can be done with the keyboard, and the focus is visible."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.inspector_data import InspectedData
from tests.support.inspector_pages import PAGES
from tests.support.served_inspector import Visit, served

# What Tab reaches, in the order of the page; that of the outline if it is not visible.
FOCUSABLE: Final = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter(each => !each.disabled && each.type !== "hidden" && each.checkVisibility())
  .map((each, number) => { each.dataset.number = number; return number; })"""
FOCUSED: Final = """() => {
  const each = document.activeElement;
  const style = getComputedStyle(each);
  const place = each.getBoundingClientRect();
  const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const isInside = place.bottom > 0 && place.top < innerHeight && place.right > 0;
  return [Number(each.dataset.number), isOutlined && isInside && place.width > 0];
}"""


@pytest.fixture(scope="module")
def visit(
    browser: Browser, data: InspectedData, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("inspector")
    with (
        served(folder, actions_allowed=True) as inspector,
        inspector.signed_in(browser, reduced_motion="reduce") as visit,
    ):
        yield visit


def test_first_tab_leads_to_the_content(visit: Visit, data: InspectedData) -> None:
    page = visit.page
    page.goto(PAGES["list"].path(data))
    page.keyboard.press("Tab")

    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("name", ["list", "overview", "dead", "map"])
def test_tab_reaches_everything_in_order_and_shows_where(
    name: str, visit: Visit, data: InspectedData
) -> None:
    page = visit.page
    page.goto(PAGES[name].path(data))
    wanted = page.evaluate(FOCUSABLE)

    found = []
    for _ in wanted:
        page.keyboard.press("Tab")
        number, is_visible = page.evaluate(FOCUSED)
        assert is_visible, page.evaluate("document.activeElement.outerHTML")
        found.append(number)

    assert found == wanted


def test_action_needs_no_mouse(visit: Visit, data: InspectedData) -> None:
    page = visit.page
    page.goto(PAGES["dead"].path(data))

    press_on(page, "Redrive …")
    expect(page.get_by_role("heading", level=1)).to_have_text("Redrive?")
    press_on(page, "Redrive this delivery")
    expect(page.get_by_role("status").first).to_be_visible()


def press_on(page: Page, name: str) -> None:
    """Tab to a button, and press Enter."""
    button = page.get_by_role("button", name=name)
    for _ in range(100):
        page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
