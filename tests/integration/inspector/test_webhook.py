"""The page of one webhook, on moto."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from inlet_bridge.inspector.web.addresses import webhook_path
from tests.support.configured_chain import put
from tests.support.hostile_text import HOSTILE, unsafe
from tests.support.inspecting import opened
from tests.support.kept_webhooks import Inspected
from tests.support.map_pages import NAME, file_with
from tests.support.webhook_page import page


@pytest.fixture
def browser(cloud: Inspected, tmp_path: Path) -> TestClient:
    return opened(tmp_path)


def test_delivered_webhook_is_shown_with_its_steps_and_its_message(
    cloud: Inspected, browser: TestClient
) -> None:
    cloud.receive("d-1", body=b'{"a": 1.50, "b": "x"}')
    cloud.logged("Receiver", "delivered", "d-1", xaction_id="x:d-1")

    text = page(browser, "d-1")

    for expected in (
        *("Access rules", "Signature", "Deduplication", "Route", "Message", "Adobe&#39;s inlet"),
        *("x:d-1", "issues", "To the flow events", "Routes.0"),
        "&#34;b&#34;: &#34;x&#34;",
        "{\n  &#34;a&#34;: 1.50\n}",
        "receiver: the inlet accepted it",
    ):
        assert expected in text
    assert "Not known yet: Adobe&#39;s batches" in text


def test_buffered_webhook_waits_with_its_reason(cloud: Inspected, browser: TestClient) -> None:
    delivery = cloud.receive("d-1", is_delivered=False)
    later = datetime.now(UTC) + timedelta(minutes=9)
    cloud.deliveries.postponed(delivery, "the inlet returned 503", later)
    for _ in range(2):
        cloud.logged("Forwarder", "postponed", "d-1", reason="the inlet returned 503")

    text = page(browser, "d-1")

    assert "It waits in the buffer: the inlet returned 503" in text
    assert f"Next attempt: {later.isoformat()[:16]}" in text
    assert text.count("forwarder: it was not accepted: the inlet returned 503") == 2


def test_paused_webhook_leads_to_the_button_that_resumes(
    cloud: Inspected, browser: TestClient
) -> None:
    waiting = cloud.receive("d-1", is_delivered=False)
    cloud.deliveries.postponed(waiting, "503", datetime.now(UTC))
    put("sources/github/paused", "2026-11-29T08:00:00+00:00")

    text = page(browser, "d-1")

    assert '<a href="/stacks/inlet-bridge-dev/overview#waiting">Resume it' in text
    assert "after <code>inlet resume github</code>" in text
    assert "since the source github is paused." in text


def test_webhook_leads_to_the_map_of_its_source(cloud: Inspected, tmp_path: Path) -> None:
    cloud.receive("d-1")
    file = tmp_path / "mine.yaml"
    link = '<a href="/stacks/inlet-bridge-dev/maps/github">'

    declared = file_with("Routes: []\n", "github")
    for name, is_linked in (("github", True), ("another", False)):
        file.write_text(declared.replace(f"Name: {NAME}", f"Name: {name}"))
        text = page(opened(tmp_path, sources_file=file), "d-1")
        assert (link in text) is is_linked


def test_settling_flow_is_named_with_its_end(cloud: Inspected, browser: TestClient) -> None:
    delivery = cloud.receive("d-1", is_delivered=False)
    cloud.deliveries.postponed(delivery, "", datetime.now(UTC))
    until = (datetime.now(UTC) + timedelta(minutes=4)).replace(microsecond=0)
    cloud.settle_until(until)

    text = page(browser, "d-1")

    assert "settling: the flow events was created or changed" in text
    assert f"Next attempt: {until.isoformat()}" in text


def test_rejected_record_has_adobes_reason_and_pointer(
    cloud: Inspected, browser: TestClient
) -> None:
    cloud.fail(cloud.receive("d-1"))

    text = page(browser, "d-1")

    assert "Adobe rejected it: required at #/body/xdmEntity/loyaltyId" in text
    assert "field: #/body/xdmEntity/loyaltyId" in text
    assert "batch: 01ABC" in text


def test_repetition_is_shown_at_deduplication(cloud: Inspected, browser: TestClient) -> None:
    cloud.receive("d-1")
    for _ in range(3):
        cloud.logged("Receiver", "delivered", "d-1")

    assert page(browser, "d-1").count("a repetition was acknowledged") == 2


def test_webhook_without_a_record_is_shown_from_the_logs(
    cloud: Inspected, browser: TestClient
) -> None:
    webhook = cloud.receive("d-1", is_recorded=False)
    cloud.logged("Receiver", "delivered", "d-1", at=webhook.received_at, xaction_id="x:1")

    text = page(browser, "d-1")

    assert "It is not recorded" in text
    assert "receiver: the inlet accepted it" in text
    assert "What came" in text
    assert "&#34;a&#34;" in text


def test_unknown_webhook_is_not_found(browser: TestClient) -> None:
    assert "never came" in page(browser, "none", status=404)


def test_siblings_are_linked(cloud: Inspected, browser: TestClient) -> None:
    cloud.configure(split="body.items")
    cloud.receive_split("d-1", b'{"items": [{"a": 1}, {"a": 2}]}')

    whole = page(browser, "d-1")
    part = page(browser, "d-1/0")

    assert "It became 2 deliveries" in whole
    assert "each delivery below has its own" in whole
    for text in (whole, part):
        assert f"/webhooks/github/{quote('part:1/id:d-1', safe='')}" in text
    assert "&#34;a&#34;: 1" in part
    assert f"/webhooks/github/{quote('id:d-1', safe='')}" in part


def test_hostile_text_is_escaped_and_visible_everywhere(
    cloud: Inspected, browser: TestClient
) -> None:
    evil = f"<script>alert(1)</script>{HOSTILE}"
    name = "<img src=x>'\"/../?a#b"
    shown = cloud.receive(
        name,
        event_type=evil,
        body='{"a": "<script>alert(1)</script>\u202e"}'.encode(),
        headers={"x-kind": evil},
        query={"page": evil},
    )
    cloud.fail(shown, f"{evil} at #/<b>", batch=evil)
    cloud.logged("Forwarder", "postponed", name, reason=evil)

    text = page(browser, name)

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "<b>" not in text
    assert unsafe(text) == set()


@pytest.mark.parametrize("name", [".", "..", "../../overview", "a/b", "a b+c?d#e", "é/ü"])
def test_any_id_has_an_address(name: str, cloud: Inspected, browser: TestClient) -> None:
    cloud.receive(name)

    response = browser.get(webhook_path("inlet-bridge-dev", "github", name))

    assert response.status_code == 200
    assert "What became of it" in response.text
