"""The samples of the map editor."""

import html
import json
from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from bridge.sources.route import NO_PRIVACY, Privacy
from bridge.verification.schemes import TokenScheme
from tests.support.counted_calls import counted_calls
from tests.support.edited_maps import PAGE, TEXT, posted
from tests.support.inspecting import opened
from tests.support.map_pages import ShownResult
from tests.support.moto_deployment import Bridge, deployed_bridge, received
from tests.support.sample_webhooks import source


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        configure()
        yield bridge


def configure(privacy: Privacy = NO_PRIVACY, signature: str = "") -> None:
    """Deploy the source of the file, with a token in this place instead of a signature."""
    shop = replace(source(), name="shop", privacy=privacy)
    if signature:
        shop = replace(shop, scheme=TokenScheme((signature,)))
    boto3.client("ssm").put_parameter(
        Name="/inlet-bridge/dev/sources/shop",
        Value=shop.to_document(),
        Type="String",
        Overwrite=True,
    )


def kept(bridge: Bridge, **changed: Any) -> str:
    """Keep a webhook; return the choice of it."""
    at = datetime.now(UTC)
    delivery = replace(received("d", source="shop"), received_at=at, kind="received", kept="id:d")
    bridge.kept_bodies.keep(replace(delivery, **changed), 7)
    return f"kept:{at.isoformat()}#id:d"


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


@pytest.mark.parametrize("kind", ["received", "document"])
@pytest.mark.parametrize(
    "privacy", [Privacy(mask=("email",)), Privacy(drop=("email",)), Privacy(hash=("email",))]
)
def test_a_kept_sample_is_redacted_by_todays_privacy(
    privacy: Privacy, kind: str, bridge: Bridge, file: Path
) -> None:
    choice = kept(bridge, body=b'{"email": "SUPERSECRET", "note": "n"}', kind=kind)
    assert "SUPERSECRET" in posted(file, do="load", choice=choice).text
    configure(privacy)

    shown = posted(file, do="load", choice=choice)
    opened_page = opened(file.parent, sources_file=file).get(PAGE)

    for response in (shown, opened_page):
        assert "SUPERSECRET" not in response.text
        assert "&#34;note&#34;" in response.text


def test_credentials_of_a_kept_sample_are_masked(bridge: Bridge, file: Path) -> None:
    headers = {"x-topic": "push", "authorization": "SECRET1", "x-it-signature": "SECRET2"}
    query = {"token": "SECRET3", "page": ["7", "8"]}
    body = b'{"token": "SECRET4", "note": "n"}'
    choice = kept(bridge, body=body, headers=headers, query=query)
    configure(signature="json:token")

    text = posted(file, do="load", choice=choice).text

    assert "SECRET" not in text
    assert all(f"&#34;{each}&#34;" in text for each in ("push", "7", "8", "note", "***"))


def test_a_kept_sample_that_cannot_be_redacted_is_not_shown(bridge: Bridge, file: Path) -> None:
    choice = kept(bridge, body=b'{"email": "SUPERSECRET"')
    configure(Privacy(mask=("email",)))

    unreadable = posted(file, do="load", choice=choice).text
    boto3.client("ssm").delete_parameter(Name="/inlet-bridge/dev/sources/shop")
    undeployed = posted(file, do="load", choice=choice).text

    assert "Privacy cannot be applied" in unreadable
    assert "its Privacy is unknown" in undeployed
    assert "SUPERSECRET" not in unreadable + undeployed


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
