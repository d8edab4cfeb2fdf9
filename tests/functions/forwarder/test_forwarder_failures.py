"""Tests of the forwarder: what it depends on fails, or its time is over."""

import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from bridge.errors import UnavailableError
from functions.forwarder.handler import RESERVE_SECONDS
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.virtual_time import record_timeouts


def test_unavailable_table_does_not_cause_duplicates(cloud: DeliveryCloud) -> None:
    cloud.fail("dynamodb.UpdateItem")

    assert cloud.forward("several") == []
    assert len(cloud.adobe.ledger.received) == 4


def test_unavailable_parameters_keep_all_messages_in_the_buffer(cloud: DeliveryCloud) -> None:
    cloud.fail("ssm.GetParameters")

    assert cloud.forward("several") == [0, 1, 2, 3]
    assert cloud.dead() == []


def test_message_that_cannot_be_postponed_is_reported_as_failed(cloud: DeliveryCloud) -> None:
    cloud.fail("sqs.ChangeMessageVisibility")
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))

    assert cloud.forward("several") == [0, 1, 2, 3]


def test_without_remaining_time_nothing_is_sent(cloud: DeliveryCloud) -> None:
    assert cloud.forward("several", seconds=RESERVE_SECONDS - 1) == [0, 1, 2, 3]
    assert cloud.adobe.ledger.received == ()


def test_requests_to_an_unresponsive_inlet_end_before_the_invocation(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.forward("one")  # Fetches the token.
    cloud.adobe.faults.add(Fault(Service.INLET, times=None, delay_seconds=3_600))
    timeouts = record_timeouts(monkeypatch)

    # The first message is the delivery that `one` already sent.
    assert cloud.forward("several", seconds=RESERVE_SECONDS + 0.5) == [1, 2, 3]
    assert timeouts
    assert max(timeouts) <= 0.5


def test_missing_environment_variable_fails_the_batch_and_is_named(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (
        *("STAGE", "ADOBE_IMS_URL", "ADOBE_CREDENTIALS", "INLET_HOSTS"),
        *("BUFFER_QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "DELIVERIES_TABLE", "RECORD_DAYS"),
        *("RETRY_HOURS", "INLET_MESSAGES_PER_SECOND", "FORWARDER_CONCURRENCY"),
    ):
        with monkeypatch.context() as patch:
            patch.delenv(variable)
            cloud.restart()

            with pytest.raises(UnavailableError, match=f"{variable} is not set"):
                cloud.forward("one")
