"""Tests of the monthly cost estimate."""

from dataclasses import replace

import pytest

from inlet_bridge.cost.bill import bill
from inlet_bridge.cost.prices import PRICES
from inlet_bridge.cost.usage import FORWARDED_PER_CPU_SECOND, TABLE_MS, WARM_CPU_MS, Month

MONTH = Month(webhooks=1_000_000, buffered=0.0)


def dollars(month: Month, what: str) -> float:
    [found] = [item.dollars for item in bill(month) if item.what == what]
    return found


def test_cost_of_each_request() -> None:
    assert dollars(MONTH, "API Gateway") == pytest.approx(1.00)
    assert dollars(MONTH, "Lambda, requests") == pytest.approx(0.20)
    # A claim and its result.
    assert dollars(MONTH, "DynamoDB, writes") == pytest.approx(2 * 0.625)
    assert dollars(MONTH, "DynamoDB, reads") == 0


def test_checks_read_the_index_as_often_however_many_records_there_are() -> None:
    for month in (MONTH, replace(MONTH, webhooks=100_000_000)):
        # Four times a day what waits, every hour what Adobe rejected.
        units = (120 + 720) * 64 * 0.5
        assert dollars(month, "DynamoDB, checks") == pytest.approx(units / 1_000_000 * 0.125)


def test_duration_cost_is_memory_times_processor_and_waiting_time() -> None:
    whole_core = replace(MONTH, memory_mb=1_769)
    seconds = (WARM_CPU_MS + 100 + TABLE_MS) / 1_000
    expected = 1_000_000 * seconds * 1_769 / 1_024 * PRICES.gb_second_arm64

    assert dollars(whole_core, "Lambda, duration") == pytest.approx(expected)
    assert dollars(replace(whole_core, architecture="x86_64"), "Lambda, duration") == (
        pytest.approx(expected * 1.25, rel=0.001)
    )


def test_half_a_processor_takes_twice_as_long() -> None:
    half = replace(MONTH, memory_mb=1_769 // 2, inlet_ms=1)

    assert half.receiver_seconds * 1_000 == pytest.approx(2 * WARM_CPU_MS + 1 + TABLE_MS, rel=0.01)


def test_more_than_one_processor_does_not_reduce_the_duration() -> None:
    whole, more = (replace(MONTH, memory_mb=megabytes) for megabytes in (1_769, 3_538))
    assert whole.receiver_seconds == more.receiver_seconds


def test_buffered_messages_cost_the_queue_and_the_forwarder() -> None:
    waiting = replace(MONTH, buffered=1.0)

    assert dollars(waiting, "SQS, webhooks") > dollars(MONTH, "SQS, webhooks") + 0.40
    assert dollars(waiting, "Logs") > dollars(MONTH, "Logs")
    assert dollars(waiting, "DynamoDB, writes") == pytest.approx(5 * 0.625)
    assert dollars(waiting, "DynamoDB, reads") == pytest.approx(0.125)
    assert waiting.receiver_seconds < MONTH.receiver_seconds
    assert waiting.forwarder_seconds > 1 / FORWARDED_PER_CPU_SECOND


def test_body_of_a_megabyte_is_two_requests_of_the_api_and_sixteen_of_the_queue() -> None:
    large = replace(MONTH, kilobytes=1_000, buffered=1.0)

    assert dollars(large, "API Gateway") == pytest.approx(2.00)
    assert dollars(large, "SQS, webhooks") > 16 * 0.40
    assert dollars(large, "Data to Adobe") == pytest.approx(90, rel=0.01)
    assert dollars(large, "Data to senders") == dollars(MONTH, "Data to senders")


def test_fixed_items_do_not_grow_with_the_webhooks() -> None:
    more = [item for item in bill(replace(MONTH, webhooks=10_000_000)) if item.fixed]

    assert more == [item for item in bill(MONTH) if item.fixed]
    assert {"Metrics", "Alarms", "SQS, pollers"} <= {item.what for item in more}


def test_each_further_source_has_three_metrics() -> None:
    further = dollars(replace(MONTH, sources=3), "Metrics") - dollars(MONTH, "Metrics")

    assert further == pytest.approx(2 * 3 * 0.30)


def test_secret_is_decrypted_at_most_every_minute_in_each_busy_environment() -> None:
    per_month = 30 * 24 * 60 * 60 / 52.5
    idle, busy = (replace(MONTH, webhooks=webhooks) for webhooks in (1_000, 1_000_000_000))

    assert dollars(idle, "KMS, secrets") == pytest.approx(1_000 / 1_000_000 * 3)
    assert dollars(MONTH, "KMS, secrets") == pytest.approx(per_month / 1_000_000 * 3)
    assert dollars(busy, "KMS, secrets") == pytest.approx(
        busy.environments * per_month / 1_000_000 * 3
    )
    assert busy.environments == pytest.approx(1e9 * busy.receiver_seconds / (30 * 24 * 60 * 60))


def test_event_source_has_a_queue_with_pollers_and_an_alarm() -> None:
    with_events = replace(MONTH, event_source=True)

    assert dollars(with_events, "SQS, pollers") == pytest.approx(2 * 0.2592)
    assert dollars(with_events, "Alarms") == pytest.approx(dollars(MONTH, "Alarms") + 0.10)
