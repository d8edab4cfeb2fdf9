"""Pages say that the inspector has stopped, and keep what was typed."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.moto_deployment import STACK
from tests.support.sam_template import ROOT
from tests.support.served_inspector import Visit, served

LIST = f"/stacks/{STACK}/webhooks"
MAP = f"/stacks/{STACK}/maps/github"


class Stoppable:
    """A signed-in page whose server can be stopped."""

    def __init__(self, visit: Visit, server: ExitStack) -> None:
        self.page: Page = visit.page
        self.watch = visit.watch
        self.stop = server.close


@contextmanager
def opened(browser: Browser, folder: Path, path: str) -> Iterator[Stoppable]:
    file = folder / "sources.yaml"
    file.write_bytes((ROOT / "sources.yaml").read_bytes())
    with ExitStack() as server:
        inspector = server.enter_context(served(folder, actions_allowed=True, sources_file=file))
        with inspector.signed_in(browser) as visit:
            visit.page.goto(path)
            yield Stoppable(visit, server)
            visit.watch.messages.clear()  # The browser reports that nobody responds.


@pytest.mark.usefixtures("data")
def test_list_says_that_it_is_not_connected(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path, LIST) as open_page:
        page = open_page.page
        status = page.locator("#live")
        expect(status).to_have_text("New webhooks appear by themselves.")

        open_page.stop()

        expect(status).to_have_text("Not connected; trying again.")
        expect(status).to_have_role("status")
        page.evaluate(
            "document.querySelector('[sse-connect]').dispatchEvent(new Event('htmx:sseOpen'))"
        )
        expect(status).to_have_text("New webhooks appear by themselves.")


@pytest.mark.usefixtures("data")
def test_editor_marks_an_earlier_result_and_keeps_the_text(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, MAP) as open_page:
        page = open_page.page
        routes = page.get_by_role("textbox", name="Routes in")
        text = routes.input_value().replace("events", "others")
        open_page.stop()

        routes.fill(text)

        expect(page.locator("#checked")).to_contain_text("does not respond")
        expect(page.locator("#result.outdated")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#checked")).to_contain_text("nothing was sent")
        assert routes.input_value() == text


@pytest.mark.usefixtures("data")
def test_result_of_the_text_is_not_marked(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path, MAP) as open_page:
        page = open_page.page
        routes = page.get_by_role("textbox", name="Routes in")

        routes.fill(routes.input_value() + "\n      # a comment")

        expect(page.locator("#result")).to_contain_text("Diff to commit")
        expect(page.locator("#result.outdated")).to_have_count(0)
        expect(page.locator("#checked")).to_be_hidden()


@pytest.mark.usefixtures("data")
def test_text_that_is_not_saved_is_not_left_without_a_question(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, MAP) as open_page:
        page = open_page.page
        routes = page.get_by_role("textbox", name="Routes in")
        routes.press_sequentially("# ")
        expect(page.locator("#result.outdated")).to_have_count(0)

        with page.expect_event("dialog"):
            page.get_by_role("link", name="Overview").click(no_wait_after=True)

        expect(page.locator("#editor")).to_be_visible()
        assert page.url.endswith(MAP)
        assert any(each.startswith("dialog") for each in open_page.watch.messages)
