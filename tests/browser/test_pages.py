"""Every page is accessible and readable in light, dark and narrow windows.

The pictures of the pages are below `.local/screenshots`.
"""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.axe import violations
from tests.support.inspector_data import InspectedData
from tests.support.inspector_pages import PAGES
from tests.support.sam_template import ROOT
from tests.support.served_inspector import Served, Visit, served

SCREENSHOTS: Final = ROOT / ".local" / "screenshots"
WIDE: Final[ViewportSize] = {"width": 1280, "height": 800}
NARROW: Final[ViewportSize] = {"width": 400, "height": 800}
OVERFLOW: Final = """() => {
  const limit = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth - limit;
}"""


@pytest.fixture(scope="module")
def inspector(data: InspectedData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("inspector"), stack="", actions_allowed=True) as inspector:
        yield inspector


@pytest.fixture(scope="module")
def visit(browser: Browser, inspector: Served) -> Iterator[Visit]:
    with inspector.signed_in(browser, viewport=WIDE, color_scheme="light") as visit:
        yield visit


def looked_at(page: Page, name: str) -> None:
    """Check what is shown now, and take its picture."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_readable(name: str, visit: Visit, data: InspectedData) -> None:
    page, shown = visit.page, PAGES[name]
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    response = page.goto(shown.path(data))
    assert response
    assert response.status == shown.status

    looked_at(page, f"{name}-light")
    page.emulate_media(color_scheme="dark")
    looked_at(page, f"{name}-dark")
    page.set_viewport_size(NARROW)
    looked_at(page, f"{name}-narrow")
    visit.watch.check(shown.status)
