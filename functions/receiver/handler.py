"""The receiver: an HTTP API event in, the answer to the sender out."""

from datetime import timedelta
from functools import cache
from http import HTTPStatus
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws import aws_client
from bridge.adapters.clock import utc_now
from bridge.adapters.dynamodb import DynamoDbDeliveries
from bridge.adapters.metrics import EmbeddedCounts
from bridge.adapters.snapshot import prepare_snapshot
from bridge.adapters.sqs import SqsBuffer
from bridge.adapters.ssm import SsmParameters
from bridge.adapters.ssm_tokens import SsmTokenStore
from bridge.adapters.wiring import inlet_sender
from bridge.deadline import UNKNOWN_PATIENCE_SECONDS, Deadline
from bridge.errors import BridgeError, WebhookRejectedError
from bridge.gate import Gate
from bridge.intake import Intake
from bridge.receiving import Receiver
from bridge.responses import accepted, problem, replied
from bridge.settings import ReceiverSettings
from bridge.source_directory import SourceDirectory
from bridge.sources.reply import Reply
from bridge.telemetry import logger, where
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from bridge.ports import ProviderSites

# Kept back from the function's time-out, so that what is not delivered can still be buffered.
RESERVE_SECONDS = 10
# No source has a longer name; a stranger may try any.
_LOGGED_CHARACTERS = 63

deadline = Deadline()
counts = EmbeddedCounts()


@cache
def receiver() -> Receiver:
    """The one place where the real parts meet; built on the first invocation."""
    settings = ReceiverSettings.from_env()
    client = aws_client("ssm")
    parameters = SsmParameters(client, settings.kms_key)
    tokens = SsmTokenStore(client, settings.token_path, utc_now, settings.kms_key)
    return Receiver(
        gate=Gate(
            SourceDirectory(parameters, settings.stage, utc_now),
            provider_sites,
            parameters,
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


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Take a webhook on."""
    left = context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    deadline.start(UNKNOWN_PATIENCE_SECONDS, at_most=left)
    name = str((event.get("pathParameters") or {}).get("source", ""))
    logger.append_keys(source=name[:_LOGGED_CHARACTERS])
    try:
        receipt = receiver().receive(name, Webhook.from_http_api(event))
    except WebhookRejectedError as exc:
        logger.warning("refused", extra={"status": exc.status.value, "reason": str(exc)})
        return problem(exc.status)
    except BridgeError as exc:
        logger.error("unavailable", extra={"reason": str(exc)})
        return problem(HTTPStatus.SERVICE_UNAVAILABLE)
    except Exception as exc:  # noqa: BLE001
        # A fault of ours must be an answer that makes the sender try again. Only its place is
        # logged: the message of an unforeseen exception could quote what was sent.
        logger.critical("unforeseen", extra={"error": type(exc).__name__, "where": where(exc)})
        return problem(HTTPStatus.SERVICE_UNAVAILABLE)
    finally:
        counts.flush()
    if isinstance(receipt, Reply):
        logger.info("answered a handshake", extra={"status": receipt.status})
        return replied(receipt)
    logger.info(
        receipt.state, extra={"delivery_id": receipt.delivery_id, "xaction_id": receipt.xaction_id}
    )
    return accepted(receipt)
