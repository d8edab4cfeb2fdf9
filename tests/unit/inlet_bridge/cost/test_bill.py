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


def test_watch_reads_the_index_four_times_a_day_however_many_records_there_are() -> None:
    for month in (MONTH, replace(MONTH, webhooks=100_000_000)):
        units = 120 * 64 * 0.5
        assert dollars(month, "DynamoDB, watch") == pytest.approx(units / 1_000_000 * 0.125)


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

    assert half.slowness == pytest.approx(2, rel=0.01)
    assert half.receiver_seconds * 1_000 == pytest.approx(2 * WARM_CPU_MS + 1 + TABLE_MS, rel=0.01)


def test_more_than_one_processor_does_not_reduce_the_duration() -> None:
    assert replace(MONTH, memory_mb=3_538).slowness == 1


def test_buffered_messages_cost_the_queue_and_the_forwarder() -> None:
    waiting = replace(MONTH, buffered=1.0)

    assert dollars(waiting, "SQS") > dollars(MONTH, "SQS") + 0.40
    assert dollars(waiting, "DynamoDB, writes") == pytest.approx(5 * 0.625)
    assert dollars(waiting, "DynamoDB, reads") == pytest.approx(0.125)
    assert waiting.receiver_seconds < MONTH.receiver_seconds
    assert waiting.forwarder_seconds > 1 / FORWARDED_PER_CPU_SECOND


def test_body_of_a_megabyte_is_two_requests_of_the_api_and_sixteen_of_the_queue() -> None:
    large = replace(MONTH, kilobytes=1_000, buffered=1.0)

    assert dollars(large, "API Gateway") == pytest.approx(2.00)
    assert dollars(large, "SQS") > 16 * 0.40
    assert dollars(large, "Data to Adobe") == pytest.approx(90, rel=0.01)


def test_metrics_and_alarms_do_not_grow_with_the_webhooks() -> None:
    more = replace(MONTH, webhooks=10_000_000)

    assert dollars(more, "Metrics") == dollars(MONTH, "Metrics")
    assert dollars(more, "Alarms") == dollars(MONTH, "Alarms")
    assert dollars(replace(MONTH, sources=3), "Metrics") > dollars(MONTH, "Metrics")


def test_event_source_has_a_queue_with_pollers() -> None:
    with_events = replace(MONTH, event_source=True)

    assert dollars(with_events, "SQS") == pytest.approx(dollars(MONTH, "SQS") + 0.26, abs=0.01)
