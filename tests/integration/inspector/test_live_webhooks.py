"""New webhooks appear on an open page, by server-sent events."""

import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from botocore.exceptions import ClientError

from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.inspector.pages import webhook_events
from inlet_bridge.inspector.pages.webhook_events import MOST_STREAMS, OpenStreams, changes_of
from inlet_bridge.inspector.security.action_log import ActionLog
from inlet_bridge.inspector.server import InspectorServer
from inlet_bridge.inspector.webhook_list.list_query import list_query
from inlet_bridge.inspector.webhook_list.live_events import digest_of
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.webhooks.live_list import MOST_ROWS, LiveList
from inlet_bridge.operations.webhooks.webhook_list import WebhookList
from tests.support.bridge_commands import outcome
from tests.support.inspecting import opened
from tests.support.live_stream import PAGE, open_stream
from tests.support.logged_webhooks import (
    FORWARDER,
    RECEIVER,
    LoggedWebhooks,
    buffered,
    delivered,
    forwarded,
)
from tests.support.machine_clock import let_aws_be_behind
from tests.support.moto_deployment import deployed_bridge
from tests.support.waiting import eventually


class Stream:
    """The events of a page, poll by poll."""

    def __init__(self, webhooks: LoggedWebhooks, shown: str = "", query: str = "") -> None:
        now = datetime.now(UTC)
        asked = list_query(dict(pair.split("=") for pair in query.split("&") if pair), now)
        live = LiveList(webhooks.deployed, WebhookList(webhooks.deployed, {}), asked.wanted)
        self.open_streams = OpenStreams()
        self.events = changes_of(live, asked, PAGE, shown, self.open_streams)

    async def __aiter__(self) -> AsyncIterator[str]:
        async for event in self.events:
            yield event


@pytest.fixture
def webhooks() -> LoggedWebhooks:
    return LoggedWebhooks()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What happens while a stream waits; it ends when nothing more happens."""
    steps: list[Any] = []

    async def sleep(_: float) -> None:
        if not steps:
            raise TimeoutError
        steps.pop(0)()

    monkeypatch.setattr("inlet_bridge.inspector.pages.webhook_events.anyio.sleep", sleep)
    return steps


def events(stream: Stream) -> list[str]:
    """All events until nothing more happens."""
    found: list[str] = []

    async def read() -> None:
        async for event in stream:
            found.append(event)  # noqa: PERF401 - those before the exception count

    with pytest.raises(TimeoutError):
        anyio.run(read)
    assert stream.open_streams.number == 0
    return found


def test_a_page_names_its_stream_and_what_it_shows(
    webhooks: LoggedWebhooks, tmp_path: Path
) -> None:
    client = opened(tmp_path, deployed=lambda _: webhooks.deployed)

    text = client.get(f"{PAGE}?source=github").text
    shown = digest_of([])

    assert f'sse-connect="{PAGE}/events?source=github&amp;shown={shown}"' in text
    assert 'aria-live="polite"' in text
    for query in ("until=1m&since=1h", "before=1"):
        assert "sse-connect" not in client.get(f"{PAGE}?{query}").text


def test_a_new_row_is_put_before_the_row_that_is_older(
    webhooks: LoggedWebhooks, steps: list[Any]
) -> None:
    now = datetime.now(UTC)
    webhooks.logs.log(RECEIVER, now - timedelta(seconds=3), buffered("d-1"))
    steps += [
        lambda: webhooks.logs.log(RECEIVER, now, delivered("d-2")),
        lambda: webhooks.logs.log(FORWARDER, now, forwarded("d-1")),
    ]

    reset, cleared, added, _, first, changed, second = events(Stream(webhooks))

    assert reset.startswith('event: change\ndata: <tbody id="rows" hx-swap-oob="true">')
    assert 'id="empty"' in cleared
    old = reset.partition('<tr id="')[2].partition('"')[0]
    assert f'<tbody hx-swap-oob="beforebegin:#{old}">' in added
    assert ">d-2</a>" in added
    assert "1 new at" in first
    assert f'<tr id="{old}" hx-swap-oob="true"' in changed
    assert 'class="state-delivered">delivered' in changed
    assert "1 changed at" in second


def test_a_page_that_shows_the_same_is_left_alone(
    webhooks: LoggedWebhooks, steps: list[Any]
) -> None:
    webhooks.logs.log(RECEIVER, datetime.now(UTC), delivered("d-1"))
    steps += [lambda: None]
    rows = WebhookList(webhooks.deployed, {}).page(list_query({}, datetime.now(UTC)).wanted).rows

    assert events(Stream(webhooks, digest_of(rows))) == []


def test_rows_at_the_end_of_a_long_page_are_removed(
    webhooks: LoggedWebhooks, steps: list[Any]
) -> None:
    now = datetime.now(UTC)
    webhooks.fill(50, now - timedelta(seconds=10), timedelta(seconds=1))

    def burst() -> None:
        webhooks.logs.log(RECEIVER, now, *(delivered(f"new-{n}") for n in range(MOST_ROWS - 20)))

    steps.append(burst)
    found = "".join(events(Stream(webhooks)))

    assert found.count('hx-swap-oob="delete"') == 30
    assert found.count('<p id="older" hx-swap-oob="true">') == 1


def test_a_failure_of_aws_is_shown_and_the_stream_goes_on(
    webhooks: LoggedWebhooks, steps: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    search = webhooks.logs.filter_log_events
    fault = ClientError({"Error": {"Code": "slow <down>", "Message": "long"}}, "Filter")

    def fail(**_: Any) -> Any:
        raise fault

    monkeypatch.setattr(webhooks.logs, "filter_log_events", fail)

    def mend() -> None:
        monkeypatch.setattr(webhooks.logs, "filter_log_events", search)
        webhooks.logs.log(RECEIVER, datetime.now(UTC), delivered("d-1"))

    steps.append(mend)
    found = events(Stream(webhooks))

    sentence = "AWS answered Filter with slow &lt;down&gt;. It is tried again in 4 s."
    assert sentence in found[0]
    assert "long" not in found[0]
    assert "New webhooks appear again." in found[1]
    assert any(">d-1</a>" in each for each in found[2:])


def test_too_many_pages_are_not_polled(webhooks: LoggedWebhooks) -> None:
    stream = Stream(webhooks)
    stream.open_streams.number = MOST_STREAMS

    async def read() -> list[str]:
        return [event async for event in stream]

    text, end = anyio.run(read)
    assert "this one does not" in text
    assert end.startswith("event: end\n")
    assert webhooks.logs.calls == []


def test_an_invalid_filter_is_rejected(webhooks: LoggedWebhooks, tmp_path: Path) -> None:
    client = opened(tmp_path, deployed=lambda _: webhooks.deployed)

    assert client.get(f"{PAGE}/events?state=gone").status_code == 400


@pytest.fixture
def server(webhooks: LoggedWebhooks, tmp_path: Path) -> Iterator[InspectorServer]:
    log = ActionLog(tmp_path / "actions.jsonl", "")
    stack, own = "inlet-bridge-dev", webhooks.deployed
    server = InspectorServer(Inspector(stack, False, False, tmp_path, lambda _: own, log), 0)
    with server.in_background():
        yield server


def test_new_rows_appear_on_a_machine_whose_clock_is_ahead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(webhook_events, "POLL_SECONDS", 0.01)
    ahead = timedelta(minutes=4)
    let_aws_be_behind(monkeypatch, ahead)
    log = ActionLog(tmp_path / "actions.jsonl", "")
    inspector = Inspector("inlet-bridge-dev", False, False, tmp_path, Deployed, log)
    server = InspectorServer(inspector, 0)
    with deployed_bridge(monkeypatch) as bridge, server.in_background():
        connection, stream = open_stream(server)
        bridge.log("Receiver", outcome("buffered", "d-1"), ago=ahead)
        while b">d-1</a>" not in stream.readline():
            pass
        stream.close()
        connection.close()


def test_a_page_that_is_closed_is_not_polled_any_more(
    webhooks: LoggedWebhooks, server: InspectorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_events, "POLL_SECONDS", 0.01)
    connection, stream = open_stream(server)
    stream.close()
    connection.close()

    def is_quiet() -> bool:
        number = len(webhooks.logs.calls)
        time.sleep(1)
        return len(webhooks.logs.calls) == number

    assert eventually(is_quiet)
