"""Composition root of the forwarder."""

import random
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from bridge.adapters.aws.clients import aws_client
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.dynamodb_attempts import DynamoDbAttempts
from bridge.adapters.aws.metrics import EmbeddedCounts
from bridge.adapters.aws.sqs import SqsBuffer, SqsDeadLetters
from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.aws.ssm_tokens import SsmTokenStore
from bridge.adapters.clock import utc_now
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.adapters.threads import concurrently
from bridge.background_settings import ForwarderSettings
from bridge.deadline import Deadline
from bridge.forwarding.forwarder import Forwarder
from bridge.forwarding.postponement import Postponer
from bridge.forwarding.resolution import Resolver
from bridge.forwarding.retry_policy import RetryPolicy
from bridge.forwarding.settlement import Settler
from bridge.inlet.rate_limiter import RateLimit
from bridge.receiving.events import EventIntake
from bridge.receiving.intake import Intake
from bridge.sources.destinations import DestinationDirectory
from bridge.sources.queue_sources import QueueSources
from bridge.wiring import inlet_sender, kept_bodies, schema_reader, source_cache

# Seconds after the deadline in which the records of a batch are retried, of the 15 that the handler
# reserves.
_RECORD_SECONDS = 8.0

deadline = Deadline()
ssm_deadline = Deadline()
counts = EmbeddedCounts()


@dataclass(frozen=True, slots=True)
class Components:
    """The components that process the two kinds of batches.

    Attributes:
        buffer: the name of the buffer; batches of other queues are events.
    """

    forwarder: Forwarder
    postponer: Postponer
    events: EventIntake
    buffer: str


@cache
def components() -> Components:
    """Build the components on the first invocation."""
    settings = ForwarderSettings.from_env()
    client = aws_client("ssm")
    parameters = SsmParameters(client, settings.adobe.kms_key)
    tokens = SsmTokenStore(client, settings.adobe.token_path, utc_now, settings.adobe.kms_key)
    queues = aws_client("sqs")
    buffer = SqsBuffer(queues, settings.buffer_queue_url)
    dead_letters = SqsDeadLetters(queues, settings.dead_letter_queue_url)
    table = (
        aws_client("dynamodb"),
        settings.deliveries_table,
        utc_now,
        timedelta(days=settings.record_days),
    )
    retries = RetryBudget(remaining=lambda: deadline.remaining() + _RECORD_SECONDS)
    deliveries = DynamoDbDeliveries(*table, retries)
    sources = source_cache(settings.adobe, utc_now, ssm_deadline.remaining, with_secrets=False)
    rate_limit = RateLimit.share(settings.inlet_messages_per_second, settings.forwarder_concurrency)
    forwarder = Forwarder(
        resolver=Resolver(
            sources,
            utc_now,
            schema_reader(settings.adobe, utc_now),
            DestinationDirectory(parameters, settings.adobe.stage, utc_now),
        ),
        sender=inlet_sender(
            settings.adobe,
            parameters,
            tokens,
            deadline,
            counts=counts,
            rate_limit=rate_limit,
            concurrently=concurrently,
        ),
        deliveries=deliveries,
        attempts=DynamoDbAttempts(*table),
        settler=Settler(
            buffer=buffer,
            dead_letters=dead_letters,
            deliveries=deliveries,
            counts=counts,
            policy=RetryPolicy(timedelta(hours=settings.retry_hours)),
            clock=utc_now,
            jitter=random.random,
        ),
        clock=utc_now,
    )
    events = EventIntake(
        sources=sources,
        intake=Intake(None, buffer, deliveries, counts, utc_now, kept_bodies),
        dead_letters=dead_letters,
        counts=counts,
        clock=utc_now,
        source_of=QueueSources(parameters, settings.adobe.stage, utc_now).source_of,
    )
    postponer = Postponer(buffer, buffer, utc_now, random.random)
    name = settings.buffer_queue_url.rpartition("/")[2]
    return Components(forwarder, postponer, events, name)
