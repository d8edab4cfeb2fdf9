"""An open page shows what is logged meanwhile: each webhook once, in the order of time."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from inlet_bridge.operations.webhooks.filters import Filter
from inlet_bridge.operations.webhooks.live_list import MOST_ROWS, Changes, LiveList
from inlet_bridge.operations.webhooks.webhook_list import WebhookList
from tests.support.logged_webhooks import (
    FORWARDER,
    RECEIVER,
    LoggedWebhooks,
    buffered,
    delivered,
    forwarded,
    refused,
)

START = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class Browser:
    """What a browser shows that applies every change to the page that it loaded."""

    webhooks: LoggedWebhooks = field(default_factory=LoggedWebhooks)
    now: datetime = START
    shown: list[tuple[str, str]] = field(default_factory=list)

    def open(self, wanted: Filter) -> "Browser":
        """Load the page, and connect."""
        listed = WebhookList(self.webhooks.deployed, {}, lambda: self.now)
        self.live = LiveList(self.webhooks.deployed, listed, wanted, lambda: self.now)
        self.keys = {row.key: row.identifier for row in self.live.begin().rows}
        self.states = {row.key: row.state for row in self.live.rows}
        self.order = list(self.keys)
        return self

    def poll(self, seconds: int = 2) -> Changes:
        """Wait, and apply what changed."""
        self.now += seconds * SECOND
        changes = self.live.poll()
        for row, before in changes.added:
            assert row.key not in self.order
            self.order.insert(self.order.index(before) if before else len(self.order), row.key)
            self.keys[row.key] = row.identifier
            self.states[row.key] = row.state
        for row in changes.changed:
            assert row.key in self.order
            self.states[row.key] = row.state
        for key in changes.removed:
            self.order.remove(key)
        assert self.order == [row.key for row in self.live.rows]
        return changes

    @property
    def ids(self) -> list[str]:
        """In the order of the page."""
        return [self.keys[key] for key in self.order]

    def log(self, group: str, line: dict[str, str], ago: float = 0) -> None:
        """Let a function have logged a line."""
        self.webhooks.logs.log(group, self.now - ago * SECOND, line)


@pytest.fixture
def browser() -> Browser:
    return Browser()


ANY = Filter(START - timedelta(days=1))


def test_repetition_keeps_the_attempts(browser: Browser) -> None:
    webhooks = browser.webhooks
    webhooks.record("d-1", START - 90 * SECOND, "delivered", delivered_at=START.isoformat())
    browser.log(FORWARDER, forwarded("d-1"))
    browser.open(ANY)
    browser.now += 60 * SECOND
    browser.log(RECEIVER, delivered("d-1", Duplicate=[1.0]))

    [row] = browser.poll().changed

    assert row.detail == "repetition of the one delivered at 12:00:00"
    assert row.attempts == "2"


def test_new_webhooks_appear_and_nothing_appears_twice(browser: Browser) -> None:
    """What was logged before the page was loaded is in the logs of the last 30 seconds, too."""
    browser.log(RECEIVER, delivered("before"), ago=5)
    browser.open(ANY)

    assert browser.poll().is_empty
    browser.log(RECEIVER, delivered("new"))
    browser.log(RECEIVER, refused("r-1"))
    changes = browser.poll()

    assert len(changes.added) == 2
    assert browser.ids[-1] == "before"
    assert sorted(browser.ids) == ["before", "new", "r-1"]
    assert browser.poll().is_empty


def test_lines_that_appear_late_are_inserted_by_their_time(browser: Browser) -> None:
    """Logged before the page was loaded, and not in the logs then."""
    browser.log(RECEIVER, delivered("d-1"), ago=10)
    browser.open(ANY)
    browser.log(RECEIVER, delivered("d-3"))
    browser.log(RECEIVER, delivered("d-2"), ago=5)
    browser.log(RECEIVER, delivered("d-0"), ago=15)

    browser.poll()

    assert browser.ids == ["d-3", "d-2", "d-1", "d-0"]


def test_a_row_changes_its_state_where_it_is(browser: Browser) -> None:
    browser.log(RECEIVER, buffered("d-1"), ago=8)
    browser.log(RECEIVER, delivered("d-2"), ago=4)
    browser.open(ANY)
    browser.log(FORWARDER, forwarded("d-1"))
    browser.webhooks.record("d-1", START, "delivered")

    changes = browser.poll()

    assert (len(changes.added), len(changes.changed)) == (0, 1)
    assert browser.ids == ["d-2", "d-1"]
    assert set(browser.states.values()) == {"delivered"}


def test_a_late_line_does_not_undo_a_state(browser: Browser) -> None:
    browser.open(ANY)
    browser.log(FORWARDER, forwarded("d-1"))
    browser.poll()
    browser.log(RECEIVER, buffered("d-1"), ago=6)

    assert browser.poll().is_empty
    assert list(browser.states.values()) == ["delivered"]


def test_filters_hold_for_new_webhooks_but_not_for_rows_that_are_shown(browser: Browser) -> None:
    browser.log(RECEIVER, buffered("d-1"), ago=5)
    browser.webhooks.record("d-1", START - 5 * SECOND, "buffered")
    browser.open(replace(ANY, event_type="issues"))
    assert browser.ids == []
    for name, kind in (("d-2", "issues"), ("d-3", "push")):
        browser.log(RECEIVER, buffered(name))
        browser.webhooks.record(name, browser.now, "buffered", event_type=kind)
    browser.poll()
    assert browser.ids == ["d-2"]

    browser.log(FORWARDER, forwarded("d-2", "d-3"))
    browser.webhooks.record("d-2", START, "delivered", event_type="issues")
    browser.poll()

    assert browser.ids == ["d-2"]
    assert list(browser.states.values()) == ["delivered"]


def test_a_page_that_is_open_for_long_does_not_grow(browser: Browser) -> None:
    browser.open(ANY)
    for number in range(5):
        browser.webhooks.logs.calls.clear()
        for n in range(30):
            browser.log(RECEIVER, delivered(f"d-{number}-{n}"), ago=1 - n / 30)
        browser.poll()
        assert len(browser.webhooks.logs.calls) <= 20

    assert len(browser.ids) == MOST_ROWS
    assert browser.ids[0] == "d-4-29"


def test_a_burst_is_read_in_bounded_requests_and_said_to_be_cut(browser: Browser) -> None:
    browser.open(ANY)
    lines = [(START + n * SECOND / 4_000, delivered(f"d-{n}")) for n in range(4_000)]
    browser.webhooks.logs.add(RECEIVER, lines)
    browser.webhooks.logs.calls.clear()

    changes = browser.poll()

    assert changes.is_cut
    assert len(browser.webhooks.logs.calls) <= 20
    assert len(browser.ids) == MOST_ROWS
    assert browser.ids[0] == "d-3999"


def test_what_is_remembered_is_bounded(browser: Browser) -> None:
    browser.open(ANY)
    browser.log(RECEIVER, delivered("d-1"))
    browser.poll()
    browser.poll(300)

    assert browser.live._seen == {}  # noqa: SLF001 - its size is what is bounded
