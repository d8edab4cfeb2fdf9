"""The samples of the map editor."""

import html
import json
from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.counted_calls import counted_calls
from tests.support.edited_maps import PAGE, ROUTES, TEXT, posted
from tests.support.inspecting import opened
from tests.support.map_pages import ShownResult, file_with
from tests.support.moto_deployment import Bridge, deployed_bridge, received


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(file_with(ROUTES, "shopify"))
    return path


def test_the_newest_kept_webhook_is_the_sample(bridge: Bridge, file: Path) -> None:
    now = datetime.now(UTC)
    for number, body in enumerate((b'{"note": "old"}', b'{"note": "new"}')):
        delivery = replace(
            received(f"d-{number}", source="shop"),
            received_at=now - timedelta(minutes=5 - number),
            body=body,
            event_type="orders/create",
            kind="received",
            content_type="application/json; charset=utf-8",
            headers={"x-shopify-topic": "orders/create"},
            kept=f"id:d-{number}",
        )
        bridge.kept_bodies.keep(delivery, 7)
    client = opened(file.parent, sources_file=file)

    page = client.get(PAGE).text
    assert page.index("d-1") < page.index("d-0")
    sample = html.unescape(page.partition('name="sample"')[2].partition(">\n")[2])
    sample = sample.partition("</textarea>")[0]
    assert json.loads(sample) == {
        "headers": {"x-shopify-topic": "orders/create", "content-type": "application/json"},
        "body": {"note": "new"},
    }
    assert 'name="event_type" value="orders/create"' in page
    [message] = ShownResult.of(page).messages
    assert message["eventType"] == "orders/create"
    assert "d-1</span>" in page
    assert datetime.fromisoformat(message["timestamp"]) == now - timedelta(minutes=4)

    newest = f"kept:{(now - timedelta(minutes=4)).isoformat()}#id:d-1"
    for text, is_kept in ((sample, True), (sample.replace("new", "x"), False)):
        response = posted(file, choice=newest, event_type="orders/create", text=TEXT, sample=text)
        [shown] = ShownResult.of(response.text).messages
        assert (shown["_id"] == message["_id"]) is is_kept

    choice = f"kept:{(now - timedelta(minutes=5)).isoformat()}#id:d-0"
    assert "&#34;old&#34;" in posted(file, do="load", choice=choice).text


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"a=b&c=d", "a=b&amp;c=d"), (b"\xff\xfe\xff", "is not a text"), (b"[1]", "1")],
)
def test_a_kept_body_of_any_form_can_be_chosen(
    body: bytes, words: str, bridge: Bridge, file: Path
) -> None:
    delivery = replace(
        received("d", source="shop"),
        received_at=datetime.now(UTC),
        body=body,
        kind="received",
        kept="id:d",
    )
    bridge.kept_bodies.keep(delivery, 7)

    choice = f"kept:{delivery.received_at.isoformat()}#id:d"
    assert words in posted(file, do="load", choice=choice).text


@pytest.mark.parametrize(
    "choice", ["kept:2026-01-01T00:00:00+00:00#id:x", "kept:x", "recipe:../x", "x", ""]
)
@pytest.mark.usefixtures("bridge")
def test_a_sample_that_does_not_exist_is_reported(choice: str, file: Path) -> None:
    response = posted(file, do="load", choice=choice)

    assert response.status_code == 502
    assert "Choose another one" in response.text


def test_kept_webhooks_are_listed_with_a_bounded_number_of_reads(
    bridge: Bridge, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = []
    page = ""
    for some in (1, 12):
        for number in range(some):
            at = datetime.now(UTC) - timedelta(seconds=number)
            delivery = replace(received(f"d-{number}"), source="shop", received_at=at)
            bridge.kept_bodies.keep(replace(delivery, kept=f"id:{some}-{number}"), 7)
        with counted_calls(monkeypatch) as calls:
            page = opened(file.parent, sources_file=file).get(PAGE).text
        numbers.append(calls["Query"])

    assert page.count('<option value="kept:') == 10
    assert max(numbers) <= 48
