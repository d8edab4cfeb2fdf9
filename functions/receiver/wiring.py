"""Composition root of the receiver."""

from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from bridge.adapters.aws.clients import aws_client
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.metrics import EmbeddedCounts
from bridge.adapters.aws.snapstart import prepare_snapshot
from bridge.adapters.aws.sqs import SqsBuffer
from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.aws.ssm_tokens import SsmTokenStore
from bridge.adapters.clock import utc_now
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.deadline import Deadline
from bridge.receiving.gate import Gate
from bridge.receiving.intake import Intake
from bridge.receiving.receiver import Receiver
from bridge.settings import ReceiverSettings
from bridge.wiring import inlet_sender, kept_bodies, schema_reader, source_cache

if TYPE_CHECKING:
    from bridge.ports.process import ProviderSites
    from bridge.verification.refusal import Refusal

# Seconds after the deadline in which the record of a delivered webhook is retried, of the ten that
# the handler reserves. A sender that has timed out gets 503 meanwhile, since the claim still holds.
_RECORD_SECONDS = 4.0

deadline = Deadline()
ssm_deadline = Deadline()
counts = EmbeddedCounts(of_connections=False)


@cache
def receiver() -> Receiver:
    """Build the receiver, on the first invocation or before the SnapStart snapshot."""
    settings = ReceiverSettings.from_env()
    client = aws_client("ssm")
    parameters = SsmParameters(client, settings.adobe.kms_key)
    tokens = SsmTokenStore(client, settings.adobe.token_path, utc_now, settings.adobe.kms_key)
    return Receiver(
        gate=Gate(
            source_cache(settings.adobe, utc_now, ssm_deadline.remaining),
            provider_sites,
            parameters,
            timedelta(days=settings.record_days),
        ),
        intake=Intake(
            sender=inlet_sender(settings.adobe, parameters, tokens, deadline, counts=counts),
            buffer=SqsBuffer(aws_client("sqs"), settings.buffer_queue_url),
            deliveries=DynamoDbDeliveries(
                aws_client("dynamodb"),
                settings.deliveries_table,
                utc_now,
                timedelta(days=settings.record_days),
                RetryBudget(remaining=lambda: deadline.remaining() + _RECORD_SECONDS),
            ),
            counts=counts,
            clock=utc_now,
            kept_bodies=kept_bodies,
            read_schema=schema_reader(settings.adobe, utc_now),
        ),
        clock=utc_now,
        deadline=deadline,
    )


def refusal_form(source: str) -> "Refusal | None":
    """The form of the refusals of a source; None for problem details. Never raises."""
    # A receiver that cannot be built must not fail a second time.
    return receiver().refusal_form(source) if receiver.cache_info().currsize else None


@cache
def provider_sites() -> "ProviderSites":
    """Build the client for provider sites on first use: it is slow to load and rarely needed."""
    from bridge.adapters.http.provider_sites import HttpsSites  # noqa: PLC0415 (few webhooks need keys or a confirmation)

    return HttpsSites(utc_now, deadline.remaining)


def prepare() -> None:
    """Build the receiver and import what most sources need, before the SnapStart snapshot."""
    for name in (
        "botocore.credentials",
        "bridge.adapters.adobe.ims",
        "bridge.receiving.handshakes",
    ):
        import_module(name)
    receiver()


prepare_snapshot(prepare)
