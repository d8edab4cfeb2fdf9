"""The forwarder: a batch of the buffer in, the messages that stay there out."""

import random
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws import aws_client
from bridge.adapters.clock import utc_now
from bridge.adapters.dynamodb import DynamoDbDeliveries
from bridge.adapters.metrics import EmbeddedCounts
from bridge.adapters.sqs import SqsBuffer, SqsDeadLetters, waiting
from bridge.adapters.ssm import SsmParameters
from bridge.adapters.ssm_tokens import SsmTokenStore
from bridge.adapters.wiring import inlet_sender
from bridge.addressing import Addressing
from bridge.bookkeeping import Books
from bridge.deadline import Deadline
from bridge.delivery.pacing import Pacing
from bridge.delivery.retrying import RetryPolicy
from bridge.errors import UnavailableError
from bridge.forwarding import Forwarder
from bridge.ports import Visibility
from bridge.settings import ForwarderSettings
from bridge.source_directory import SourceDirectory
from bridge.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Kept back from the function's time-out for records, dead letters and the answer.
RESERVE_SECONDS = 15

deadline = Deadline()
counts = EmbeddedCounts()


@cache
def parts() -> tuple[Forwarder, Visibility]:
    """The one place where the real parts meet; built on the first invocation."""
    settings = ForwarderSettings.from_env()
    client = aws_client("ssm")
    parameters = SsmParameters(client)
    tokens = SsmTokenStore(client, settings.token_path, utc_now)
    queues = aws_client("sqs")
    buffer = SqsBuffer(queues, settings.buffer_queue_url)
    deliveries = DynamoDbDeliveries(
        aws_client("dynamodb"),
        settings.deliveries_table,
        utc_now,
        timedelta(days=settings.record_days),
    )
    pacing = Pacing.share(settings.inlet_messages_per_second, settings.forwarder_concurrency)
    forwarder = Forwarder(
        addressing=Addressing(SourceDirectory(parameters, settings.stage, utc_now), utc_now),
        sender=inlet_sender(settings, parameters, tokens, deadline, pacing),
        deliveries=deliveries,
        books=Books(
            buffer=buffer,
            dead_letters=SqsDeadLetters(queues, settings.dead_letter_queue_url),
            deliveries=deliveries,
            counts=counts,
            policy=RetryPolicy(timedelta(hours=settings.retry_hours)),
            clock=utc_now,
            jitter=random.random,
        ),
        clock=utc_now,
    )
    return forwarder, buffer


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Forward a batch; the answer names the messages that are not done with."""
    deadline.start(context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS)
    forwarder, visibility = parts()
    postponed = forwarder.forward([waiting(record) for record in event["Records"]])
    for message in postponed:
        try:
            visibility.postpone(message.waiting.receipt, message.wait)
        except UnavailableError as exc:
            logger.warning("the queue's own visibility time-out holds", extra={"reason": str(exc)})
    counts.flush()
    return {
        "batchItemFailures": [
            {"itemIdentifier": message.waiting.message_id} for message in postponed
        ]
    }
