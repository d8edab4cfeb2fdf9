"""What matters of a row is on the screen, in a wide and in a narrow window."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.configured_chain import put_chain
from tests.support.inspector_data import InspectedData
from tests.support.moto_deployment import STACK, Bridge
from tests.support.served_inspector import Visit, served

REASON = "the signature does not match the body, the timestamp and the secret of the sender"
CUT = """() => [...document.querySelectorAll("td.detail")].filter((each) => {
  const box = each.getBoundingClientRect();
  return each.scrollWidth > each.clientWidth || box.right > window.innerWidth;
}).map((each) => each.textContent)"""
OUTSIDE = """() => [...document.querySelectorAll("main button")].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.left < 0 || box.right > window.innerWidth;
}).length"""


@pytest.fixture(scope="module")
def data(bridge: Bridge) -> InspectedData:
    data = InspectedData(bridge)
    data.all_states()
    put_chain()
    data.deliver("shopify", "com.example.shop.orders.fulfilled.v2025", minutes=1, number=300)
    data.refuse("shopify", "401", REASON, minutes=0)
    return data


@pytest.fixture
def visit(
    browser: Browser,
    data: InspectedData,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("inspector")
    with served(folder, actions_allowed=True) as inspector, inspector.signed_in(browser) as visit:
        yield visit


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


@pytest.mark.parametrize("width", [400, 1280, 1440])
def test_details_of_rows_are_not_cut(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/stacks/{STACK}/webhooks")

    expect(page.get_by_text(REASON)).to_be_visible()
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("width", [400, 1280])
def test_long_words_do_not_widen_a_page(visit: Visit, data: InspectedData, width: int) -> None:
    page = visit.page
    page.set_viewport_size({"width": width, "height": 800})
    word = "w" * 300
    refused = quote(data.refuse(word, "401", word, minutes=90 + width // 400), safe="")

    for path in (
        *("webhooks", f"webhooks?source={word}", f"webhooks?{word}=1", "overview"),
        *(f"refusals/{refused}", f"refusals/{word}", f"webhooks/github/{word}", f"maps/{word}"),
    ):
        response = page.goto(f"/stacks/{STACK}/{path}")
        assert response is not None
        visit.watch.check(response.status)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", [400, 1280])
def test_buttons_of_the_overview_are_on_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/stacks/{STACK}/overview")

    expect(page.get_by_role("button", name="Pause source github")).to_be_visible()
    assert page.evaluate(OUTSIDE) == 0


def test_editor_has_twelve_lines_and_scrolls_long_ones(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/stacks/{STACK}/maps/github")
    routes = page.get_by_role("textbox", name="Routes in")
    routes.fill("      Routes: []  # " + "long " * 60)

    size = routes.evaluate(
        "each => [each.clientHeight / parseFloat(getComputedStyle(each).lineHeight),"
        " each.scrollWidth - each.clientWidth, each.getBoundingClientRect().right]"
    )
    lines, hidden, right = size
    assert lines >= 12
    assert hidden > 0
    assert right <= 1280
    expect(page.locator("#result.outdated")).to_have_count(0)
    routes.fill(routes.evaluate("each => each.defaultValue"))
    expect(page.locator("#result.outdated")).to_have_count(0)


def test_connection_is_paused_after_a_question(page: Page) -> None:
    page.goto(f"/stacks/{STACK}/overview")

    page.get_by_role("button", name="Pause connection webhooks").click()
    page.get_by_role("button", name="Pause this connection").click()

    expect(page.get_by_role("status")).to_contain_text("The connection webhooks is paused")
    page.get_by_role("button", name="Resume connection webhooks").click()
    expect(page.get_by_role("status")).to_contain_text("The connection webhooks is resumed")
