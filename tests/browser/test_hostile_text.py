"""Text of a sender runs nothing, loads nothing and hides nothing on any page."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.support.hostile_markup import RUNS, hostile
from tests.support.hostile_text import unsafe
from tests.support.inspector_data import InspectedData
from tests.support.inspector_pages import PAGES
from tests.support.moto_deployment import Bridge
from tests.support.served_inspector import Served, Visit, served

# What a page that was broken into would have.
INJECTED: Final = """() => {
  const of = (selector, test) => [...document.querySelectorAll(selector)].filter(test);
  const own = url => url.startsWith(location.origin + "/");
  return [
    ...of("*", each => [...each.attributes].some(({name}) => /^(on|hx-on)/.test(name))),
    ...of("script", each => !own(each.src) || each.textContent),
    ...of("a, area", each => each.href && !own(each.href)),
    // `each.action` would be a field of this name.
    ...of("form", each => !own(new URL(each.getAttribute("action"), location).href)),
    ...of("iframe, object, embed, base, style, img, meta[http-equiv]", () => true),
    ...of("link", each => !own(each.href)),
  ].map(each => each.outerHTML);
}"""
# What the sender wrote is on these pages.
SHOWING: Final = set(PAGES) - {
    *("stacks", "missing", "list-filtered", "list-invalid", "runbook", "maps", "map"),
    *("refusal-missing", "pause"),
}


@pytest.fixture(scope="module")
def data(bridge: Bridge) -> InspectedData:
    data = InspectedData(bridge, hostile)
    data.all_states()
    return data


@pytest.fixture(scope="module")
def inspector(data: InspectedData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("inspector"), actions_allowed=True) as inspector:
        yield inspector


@pytest.fixture(scope="module")
def visit(browser: Browser, inspector: Served) -> Iterator[Visit]:
    with inspector.signed_in(browser) as visit:
        yield visit


@pytest.mark.parametrize("name", PAGES)
def test_text_is_shown_as_text(name: str, visit: Visit, data: InspectedData) -> None:
    page = visit.page
    page.goto(PAGES[name].path(data))

    text = page.inner_text("body")
    assert RUNS in text or name not in SHOWING
    assert unsafe(text.replace("\t", " ")) == set()
    assert unsafe(page.title()) == set()
    assert page.evaluate(INJECTED) == []
    for each in page.query_selector_all("main [title], main a, main td")[:50]:
        each.dispatch_event("mouseover")
    visit.watch.check(PAGES[name].status)
