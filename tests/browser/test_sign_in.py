"""The printed URL signs in one browser, and its session is good for nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.moto_deployment import Bridge
from tests.support.served_inspector import Served, served


@pytest.fixture
def inspector(bridge: Bridge, tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, stack="") as inspector:
        yield inspector


def opened(browser: Browser, url: str) -> tuple[Page, int]:
    """A page of a browser of its own, and the status with which it opened a URL."""
    page = browser.new_context().new_page()
    response = page.goto(url)
    assert response
    return page, response.status


def test_token_of_the_url_works_once_and_is_not_kept(browser: Browser, inspector: Served) -> None:
    with inspector.signed_in(browser) as visit:
        assert visit.page.url == f"{inspector.origin}/"
        assert visit.page.evaluate("history.length") == 2  # The blank page and this one.

        thief, status = opened(browser, inspector.url)

        assert status == 401
        assert "not signed in" in thief.inner_text("body")
        assert thief.context.cookies() == []
        thief.context.close()

        # The owner may open it again.
        visit.page.goto(inspector.url)
        assert visit.page.url == f"{inspector.origin}/"


def test_no_script_reads_the_session(browser: Browser, inspector: Served) -> None:
    with inspector.signed_in(browser) as visit:
        [cookie] = visit.context.cookies()

        assert visit.page.evaluate("document.cookie") == ""
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Strict", -1)
        assert cookie["value"] not in inspector.url


def test_session_of_another_inspector_is_rejected(
    browser: Browser, inspector: Served, tmp_path: Path
) -> None:
    with served(tmp_path / "other", stack="") as other, other.signed_in(browser) as visit:
        [cookie] = visit.context.cookies()
        name = f"inlet-inspector-{inspector.origin.rpartition(':')[2]}"

        page = browser.new_context().new_page()
        page.context.add_cookies(
            [{"name": name, "value": cookie["value"], "url": inspector.origin}]
        )
        response = page.goto(f"{inspector.origin}/")

        assert response
        assert response.status == 401
        assert inspector.reads == []
        page.context.close()


@pytest.mark.parametrize("path", ["/", "/stacks/inlet-bridge-dev/webhooks", "/sign-in?token=x"])
def test_browser_without_a_session_sees_how_to_sign_in(
    path: str, browser: Browser, inspector: Served
) -> None:
    page, status = opened(browser, f"{inspector.origin}{path}")

    assert status == 401
    assert "inlet console" in page.inner_text("body")
    assert inspector.reads == []
    page.context.close()
