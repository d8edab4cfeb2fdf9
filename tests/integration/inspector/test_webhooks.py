"""The list of webhooks in the browser."""

import re
from copy import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.hostile_text import HOSTILE, unsafe
from tests.support.inspecting import opened
from tests.support.logged_webhooks import (
    FORWARDER,
    RECEIVER,
    LoggedWebhooks,
    buffered,
    delivered,
    forwarded,
    refused,
)
from tests.support.sample_webhooks import source

PAGE = "/stacks/inlet-bridge-dev/webhooks"
SECOND = timedelta(seconds=1)


class Cells(HTMLParser):
    """The texts of the cells of a page's rows, and its links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: dict[str, str] = {}
        self._link, self._inside = "", False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "tr":
                self.rows.append([])
            case "td":
                self._inside = True
                self.rows[-1].append("")
            case "a":
                self._link = dict(attrs)["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.rows[-1][-1] += data.strip()
        if self._link:
            self.links[data.strip()] = self._link
            self._link = ""


@pytest.fixture
def webhooks() -> LoggedWebhooks:
    return LoggedWebhooks()


@pytest.fixture
def client(webhooks: LoggedWebhooks, tmp_path: Path) -> TestClient:
    return opened(tmp_path, deployed=lambda _: webhooks.deployed)


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - seconds * SECOND


def test_a_row_tells_what_came_and_what_became_of_it(
    webhooks: LoggedWebhooks, client: TestClient
) -> None:
    webhooks.logs.log(FORWARDER, ago(60), forwarded("d-1"))
    webhooks.record("d-1", ago(7_300), "delivered", event_type="issues", flow="events")
    webhooks.logs.log(RECEIVER, ago(30), refused("r-1="))

    response = client.get(PAGE)

    [_, refusal, delivery] = Cells(response.text).rows
    assert refusal[1:] == [
        *("github", "", "401", "refused", "30 s", "", "no signature matches", "r-1=", "")
    ]
    assert delivery[1:] == [
        *("github", "issues", "202", "delivered", "2 h", "2", "x-d-1", "d-1", "events")
    ]


def test_a_repetition_is_no_second_delivery(webhooks: LoggedWebhooks, client: TestClient) -> None:
    received = ago(60)
    again: dict[str, Any] = {"Duplicate": [1.0]}
    webhooks.logs.log(FORWARDER, ago(300), forwarded("d-1"))
    webhooks.record("d-1", ago(310), "delivered", delivered_at=ago(300).isoformat())
    webhooks.record("d-2", received, "delivered", delivered_at=received.isoformat())
    webhooks.record("d-3", received, "buffered")
    webhooks.record("d-4", received, "delivered", delivered_at=(received + SECOND).isoformat())
    webhooks.logs.log(RECEIVER, ago(59), delivered("d-4", xaction_id="x-d-4"))
    webhooks.logs.log(RECEIVER, ago(58), delivered("d-2", **again), buffered("d-3") | again)
    webhooks.logs.log(RECEIVER, ago(20), delivered("d-1", xaction_id="x-d-1", **again))

    found = Cells(client.get(PAGE).text).rows[1:]
    rows = {row[8]: row[7] for row in found}

    assert {row[8]: row[6] for row in found} == {"d-1": "2", "d-2": "", "d-3": "", "d-4": ""}
    assert rows["d-1"].startswith("repetition of the one delivered at ")
    assert rows["d-1"].endswith(": x-d-1")
    assert rows["d-2"].startswith("repetition of the one delivered at ")
    assert rows["d-3"] == "repetition, not sent again"
    assert rows["d-4"] == "x-d-4"


def test_sources_are_explained_where_their_name_does_not(
    webhooks: LoggedWebhooks, client: TestClient
) -> None:
    shop = replace(source(), name="shop", provider="shopify").to_document()
    webhooks.sources |= {"shop": shop, "shopify": shop}
    lines = [delivered(name, source=name) for name in ("preflight", "shop", "shopify")]
    webhooks.logs.log(RECEIVER, ago(9), *lines)

    shown = {row[8]: row[1] for row in Cells(client.get(PAGE).text).rows[1:]}

    assert shown["preflight"] == "preflight(deployment test)"
    assert shown["shop"] == "shop(shopify)"
    assert shown["shopify"] == "shopify"


@pytest.mark.parametrize("state", ["dead", "failed"])
def test_what_was_dropped_says_so(webhooks: LoggedWebhooks, client: TestClient, state: str) -> None:
    webhooks.logs.log(FORWARDER, ago(60), forwarded("d-1"))
    webhooks.record("d-1", ago(70), state, is_dropped=True, reason="too large")

    [_, row] = Cells(client.get(f"{PAGE}?state=dropped").text).rows
    assert (row[4], row[7]) == ("dropped", "too large")


def test_rows_link_to_the_webhook_and_to_the_refused_request(
    webhooks: LoggedWebhooks, client: TestClient
) -> None:
    webhooks.logs.log(RECEIVER, ago(3), delivered("../a b/é?#"), refused("r+1="), delivered(".."))

    links = Cells(client.get(PAGE).text).links

    assert links["../a b/é?#"] == f"{PAGE}/github/..%2Fa%20b%2F%C3%A9%3F%23"
    assert links["r+1="] == "/stacks/inlet-bridge-dev/refusals/r%2B1%3D"
    assert ".." not in links


def test_pages_are_linked_with_the_filters(webhooks: LoggedWebhooks, client: TestClient) -> None:
    webhooks.fill(120, datetime.now(UTC), SECOND)

    path, shown = f"{PAGE}?source=github", []
    found = Cells("")
    while path:
        found = Cells(client.get(path).text)
        shown += [row[8] for row in found.rows[1:]]
        path = found.links.get("Older webhooks", "")
        assert "source=github" in path or not path
        assert len(webhooks.logs.calls) <= 20

    assert shown == [f"d-{n}" for n in range(120)]
    assert found.links["Newest webhooks"] == f"{PAGE}?source=github"


def test_a_search_that_was_ended_says_so_and_goes_on(
    webhooks: LoggedWebhooks, client: TestClient
) -> None:
    webhooks.fill(1_200, datetime.now(UTC), SECOND)
    webhooks.record("d-1100", datetime.now(UTC), "delivered", event_type="rare")

    first = Cells(client.get(f"{PAGE}?event_type=rare").text)
    assert first.rows[1:] == []
    second = Cells(client.get(first.links["continue"]).text)
    third = Cells(client.get(second.links["continue"]).text)

    assert [row[8] for row in third.rows[1:]] == ["d-1100"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("state=gone", "state must be one of delivered, buffered, dead"),
        ("refusal=40", "refusal must be an HTTP status such as 401 or 503."),
        ("refusal=401&state=dead", "leave state empty."),
        ("refusal=401&event_type=x", "leave event_type empty."),
        ("state=refused&event_type=x", "leave event_type empty."),
        ("since=yesterday", "since must be a time such as"),
        ("until=1x", "until must be a time such as"),
        ("since=1h&until=2h", "until must be later than since."),
        ("before=1;DROP", "leave it out."),
        ("status=401", "There is no filter status; there are source, state, refusal,"),
        ("source=a&source=b", "source is given twice"),
        ("before=999999999999999999", "leave it out."),
    ],
)
def test_an_invalid_filter_is_named(
    webhooks: LoggedWebhooks, client: TestClient, query: str, sentence: str
) -> None:
    response = client.get(f"{PAGE}?{query}")

    assert response.status_code == 400
    assert sentence in response.text
    assert webhooks.logs.calls == []


def test_the_form_keeps_the_filters(client: TestClient) -> None:
    text = client.get(f"{PAGE}?source=git&state=refused&refusal=401&since=3h").text

    assert 'name="source" list="source-names" value="git"' in text
    assert "<option selected>refused</option>" in text
    assert '<option value="401" selected>' in text
    assert 'name="since" value="3h"' in text
    assert "There is no source git; the sources are github, stripe." in text


def test_an_empty_list_says_how_to_send_a_webhook(client: TestClient) -> None:
    assert "inlet send github" in client.get(PAGE).text


def test_nothing_from_outside_is_markup_or_invisible(
    webhooks: LoggedWebhooks, client: TestClient
) -> None:
    attack = f"<script>alert(1)</script>\"'><img src=x onerror=y>{HOSTILE}\ud800"
    line: dict[str, Any] = delivered(attack, source=attack, xaction_id=attack)
    refusal = refused(attack, source=attack, reason=attack)
    webhooks.logs.log(RECEIVER, ago(3), line, {**refusal, "status": attack})
    webhooks.sources[attack.replace("\ud800", "")] = "x"

    response = client.get(PAGE, params={"source": attack.replace("\ud800", "")[:200]})
    everything = response.text + client.get(PAGE).text

    assert "<img" not in everything
    assert re.findall("<script[^>]*>", everything) == re.findall(
        '<script src="/static/[a-z/.]+js" defer>', everything
    )
    assert not unsafe(everything)
