"""The list of webhooks: its order, what it knows of each, its pages and what they read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inlet_bridge.operations.configuration.source_facts import SourceFacts
from inlet_bridge.operations.webhooks.filters import Filter
from inlet_bridge.operations.webhooks.webhook_list import PAGE_ROWS, Cursor, ListPage, WebhookList
from tests.support.logged_webhooks import (
    FORWARDER,
    RECEIVER,
    LoggedWebhooks,
    buffered,
    delivered,
    forwarded,
    refused,
)

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANY = Filter(NOW - timedelta(days=1))
SOURCES = {"github": SourceFacts("github"), "stripe": SourceFacts("stripe", accepted=204)}


@pytest.fixture
def webhooks() -> LoggedWebhooks:
    return LoggedWebhooks()


def page(webhooks: LoggedWebhooks, wanted: Filter = ANY, before: Cursor | None = None) -> ListPage:
    return WebhookList(webhooks.deployed, SOURCES, lambda: NOW).page(wanted, before)


def ids(found: ListPage) -> list[str]:
    return [row.identifier for row in found.rows]


def all_ids(webhooks: LoggedWebhooks, wanted: Filter = ANY) -> list[str]:
    """Of all pages."""
    found = page(webhooks, wanted)
    everything = ids(found)
    while found.older:
        found = page(webhooks, wanted, found.older)
        everything += ids(found)
    return everything


@pytest.mark.parametrize("number", [1_000, 100_000])
def test_the_first_page_reads_the_same_however_many_webhooks_there_are(
    webhooks: LoggedWebhooks, number: int
) -> None:
    """10,000 lines an hour."""
    webhooks.fill(number, NOW, timedelta(hours=1) / 10_000)

    found = page(webhooks)

    assert ids(found) == [f"d-{n}" for n in range(PAGE_ROWS)]
    assert len(webhooks.logs.calls) == 2
    assert webhooks.reads == {"BatchGetItem": 1, "keys": PAGE_ROWS}


def test_every_page_reads_the_same(webhooks: LoggedWebhooks) -> None:
    webhooks.fill(1_000, NOW, timedelta(hours=1) / 10_000)

    found = page(webhooks)
    for n in range(1, 5):
        webhooks.logs.calls.clear()
        found = page(webhooks, before=found.older)
        assert ids(found)[0] == f"d-{n * PAGE_ROWS}"
        assert len(webhooks.logs.calls) == 2
    assert webhooks.reads == {"BatchGetItem": 5, "keys": 5 * PAGE_ROWS}


def test_pages_lose_and_repeat_nothing(webhooks: LoggedWebhooks) -> None:
    """Also of the webhooks of one millisecond, of which a page shows a part."""
    for n in range(130):
        webhooks.logs.log(RECEIVER, NOW - (n // 60 + 1) * SECOND, delivered(f"d-{n}"))

    assert sorted(all_ids(webhooks)) == sorted(f"d-{n}" for n in range(130))


def test_a_row_has_what_logs_table_and_source_have(webhooks: LoggedWebhooks) -> None:
    received = NOW - 90 * SECOND
    webhooks.logs.log(RECEIVER, received, buffered("d-1"))
    webhooks.logs.log(FORWARDER, NOW - SECOND, forwarded("d-1", attempts=3))
    webhooks.record("d-1", received, "delivered", event_type="issues", flow="events")

    [row] = page(webhooks).rows

    assert (row.source, row.provider, row.event_type, row.flow) == (
        *("github", "github"),
        *("issues", "events"),
    )
    assert (row.state, row.answer, row.attempts, row.detail) == ("delivered", "202", "3", "x-d-1")
    assert (row.at, row.received_at) == (NOW - SECOND, received)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (delivered("d"), "200"),
        (buffered("d"), "202"),
        ({**delivered("d"), "message": "filtered"}, "200"),
        ({**delivered("d"), "message": "split"}, "202"),
        (delivered("d", source="stripe"), "204"),
        (refused("r", status=404), "404"),
        ({**refused("r"), "message": "unavailable", "status": 503}, "503"),
    ],
)
def test_the_answer_is_what_the_sender_got(
    webhooks: LoggedWebhooks, line: dict[str, str], answer: str
) -> None:
    webhooks.logs.log(RECEIVER, NOW - SECOND, line)

    assert [row.answer for row in page(webhooks).rows] == [answer]


def test_the_answer_before_a_replay_is_not_guessed(webhooks: LoggedWebhooks) -> None:
    webhooks.logs.log(FORWARDER, NOW - SECOND, forwarded("d-1"))
    webhooks.record("d-1", NOW - 60 * SECOND, "delivered", replay="r-1")

    assert [row.answer for row in page(webhooks).rows] == ["2xx"]


def test_refused_requests_are_among_the_others(webhooks: LoggedWebhooks) -> None:
    webhooks.logs.log(RECEIVER, NOW - 3 * SECOND, delivered("d-1"))
    webhooks.logs.log(RECEIVER, NOW - 2 * SECOND, refused("r-1", source="unknown", status=404))
    webhooks.logs.log(RECEIVER, NOW - SECOND, delivered("d-2"))

    found = page(webhooks)

    assert ids(found) == ["d-2", "r-1", "d-1"]
    assert (found.rows[1].state, found.rows[1].detail) == ("refused", "no signature matches")


def test_what_adobe_rejected_later_is_failed(webhooks: LoggedWebhooks) -> None:
    webhooks.logs.log(RECEIVER, NOW - SECOND, delivered("d-1", xaction_id="1:2:3"))
    webhooks.record("d-1", NOW, "failed", failure="a field is missing")

    [row] = page(webhooks).rows

    assert (row.state, row.detail) == ("failed", "a field is missing")


def test_a_webhook_that_waited_is_listed_when_it_was_delivered(webhooks: LoggedWebhooks) -> None:
    """Not also when it began to wait, on an older page."""
    waited, sent = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    webhooks.logs.log(RECEIVER, waited, buffered("d-1"))
    webhooks.logs.log(FORWARDER, sent, forwarded("d-1"))
    webhooks.record("d-1", waited, "delivered")

    assert ids(page(webhooks)) == ["d-1"]
    assert ids(page(webhooks, before=Cursor(waited + SECOND))) == []


def test_filters_show_what_matches_only(webhooks: LoggedWebhooks) -> None:
    for n, line in enumerate(
        (delivered("d-1"), delivered("d-2", source="stripe"), refused("r-1"), refused("r-2"))
    ):
        webhooks.logs.log(RECEIVER, NOW - (n + 1) * SECOND, line)
    webhooks.logs.log(RECEIVER, NOW - 5 * SECOND, refused("r-3", status=503))
    webhooks.record("d-1", NOW, "delivered", event_type="issues")

    for changes, expected in (
        ({"source": "stripe"}, ["d-2"]),
        ({"state": "delivered"}, ["d-1", "d-2"]),
        ({"state": "refused"}, ["r-1", "r-2", "r-3"]),
        ({"refusal": "503"}, ["r-3"]),
        ({"event_type": "issues"}, ["d-1"]),
        ({"since": NOW - 2 * SECOND}, ["d-1", "d-2"]),
        ({"until": NOW - 3 * SECOND}, ["r-1", "r-2", "r-3"]),
    ):
        assert ids(page(webhooks, replace(ANY, **changes))) == expected, changes


def test_an_event_type_that_few_have_is_searched_in_steps(webhooks: LoggedWebhooks) -> None:
    """Each page says how far it came, and the next one goes on from there."""
    webhooks.fill(2_000, NOW, SECOND)
    webhooks.record("d-1700", NOW, "delivered", event_type="rare")
    wanted = replace(ANY, event_type="rare")

    first = page(webhooks, wanted)

    assert (ids(first), first.searched_to) == ([], NOW - 501 * SECOND)
    assert webhooks.reads["keys"] == 500
    assert all_ids(webhooks, wanted) == ["d-1700"]


def test_a_record_that_the_bridge_did_not_write_hides_nothing(webhooks: LoggedWebhooks) -> None:
    webhooks.logs.log(RECEIVER, NOW - SECOND, delivered("d-1"))
    webhooks.record("d-1", NOW, "no state")

    assert ids(page(webhooks)) == ["d-1"]
