"""The one place where the receiver's real parts meet."""

from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from bridge.adapters.aws import aws_client
from bridge.adapters.clock import utc_now
from bridge.adapters.dynamodb import DynamoDbDeliveries
from bridge.adapters.metrics import EmbeddedCounts
from bridge.adapters.snapshot import prepare_snapshot
from bridge.adapters.sqs import SqsBuffer
from bridge.adapters.ssm import SsmParameters
from bridge.adapters.ssm_tokens import SsmTokenStore
from bridge.adapters.wiring import inlet_sender
from bridge.deadline import Deadline
from bridge.gate import Gate
from bridge.intake import Intake
from bridge.receiving import Receiver
from bridge.settings import ReceiverSettings
from bridge.source_directory import SourceDirectory

if TYPE_CHECKING:
    from bridge.ports import ProviderSites

deadline = Deadline()
counts = EmbeddedCounts()


@cache
def receiver() -> Receiver:
    """Built on the first invocation, or before the snapshot."""
    settings = ReceiverSettings.from_env()
    client = aws_client("ssm")
    parameters = SsmParameters(client, settings.kms_key)
    tokens = SsmTokenStore(client, settings.token_path, utc_now, settings.kms_key)
    return Receiver(
        gate=Gate(
            SourceDirectory(parameters, settings.stage, utc_now),
            provider_sites,
            parameters,
            timedelta(days=settings.record_days),
        ),
        intake=Intake(
            sender=inlet_sender(settings, parameters, tokens, deadline, counts=counts),
            buffer=SqsBuffer(aws_client("sqs"), settings.buffer_queue_url),
            deliveries=DynamoDbDeliveries(
                aws_client("dynamodb"),
                settings.deliveries_table,
                utc_now,
                timedelta(days=settings.record_days),
            ),
            counts=counts,
            clock=utc_now,
        ),
        clock=utc_now,
        deadline=deadline,
    )


@cache
def provider_sites() -> "ProviderSites":
    """Made for the first sender that needs it; few do, and it costs time to load."""
    from bridge.adapters.provider_sites import HttpsSites  # noqa: PLC0415

    return HttpsSites(utc_now, deadline.remaining)


def prepare() -> None:
    """Build the parts, and load what many senders need and some do not."""
    for name in ("botocore.credentials", "bridge.adapters.ims", "bridge.handshaking"):
        import_module(name)
    receiver()


prepare_snapshot(prepare)
