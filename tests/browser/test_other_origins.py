"""A page of another origin reads and changes nothing, although the browser is signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.chromium import REBOUND
from tests.support.moto_deployment import Bridge
from tests.support.other_origin import OtherOrigin, other_origin
from tests.support.served_inspector import Served, served

HOSTS = ("127.0.0.1", "localhost", REBOUND)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[OtherOrigin]:
    with other_origin() as server:
        yield server


@pytest.fixture
def inspector(bridge: Bridge, tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, stack="", actions_allowed=True) as inspector:
        yield inspector


@pytest.fixture
def victim(browser: Browser, inspector: Served) -> Iterator[Page]:
    """A page of the browser that is signed in to the inspector."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(inspector.url)
    assert page.get_by_role("link", name="inlet-bridge-dev").is_visible()
    yield page
    context.close()


@pytest.mark.parametrize("host", HOSTS)
def test_it_reads_nothing_and_changes_nothing(
    host: str, victim: Page, elsewhere: OtherOrigin, inspector: Served
) -> None:
    victim.goto("about:blank")  # Ends what the page of the inspector still loads.
    inspector.reads.clear()
    statuses: dict[str, int] = {}
    victim.context.on("response", lambda got: statuses.update({got.url: got.status}))

    victim.goto(elsewhere.attack(host, inspector.origin))
    outcomes = victim.evaluate("window.outcomes")

    assert outcomes.pop("beacon") == "true"  # It was sent; nobody says what became of it.
    assert {outcomes.pop("frame"), outcomes.pop("object")} <= {"closed", ""}
    assert outcomes.pop("get_form") == outcomes.pop("post_form") == "loaded"  # An error page.
    failed = {name for name, outcome in outcomes.items() if outcome.startswith("failed")}
    assert failed >= {"fetched", "put", "image", "script", "style", "events", "socket"}
    assert failed | {"opaque", "posted"} == set(outcomes)
    assert inspector.reads == []
    assert not inspector.actions.exists()
    reached = {url: it for url, it in statuses.items() if url.startswith(inspector.origin)}
    assert reached
    assert {url: it for url, it in reached.items() if it not in {401, 403}} == {}


@pytest.mark.parametrize("host", HOSTS)
def test_it_cannot_look_into_a_window_that_it_opens(
    host: str, victim: Page, elsewhere: OtherOrigin, inspector: Served
) -> None:
    victim.goto(elsewhere.attack(host, inspector.origin))
    with victim.context.expect_page() as opening:
        victim.evaluate("target => { window.opened = window.open(target) }", inspector.origin)
    opening.value.wait_for_load_state()

    assert opening.value.evaluate("window.opener") is None
    # Another process of Chromium informs the opener, some time later.
    victim.wait_for_function("window.opened.closed")


def test_rebound_host_name_reaches_no_page(victim: Page, inspector: Served) -> None:
    inspector.reads.clear()
    rebound = inspector.origin.replace("127.0.0.1", REBOUND)

    response = victim.goto(f"{rebound}/")
    assert response
    assert response.status == 421
    script = "path => fetch(path, {method: 'POST'}).then(response => response.status)"
    assert victim.evaluate(script, "/stacks/inlet-bridge-dev/webhooks") == 421
    assert inspector.reads == []
