"""The receiver: an HTTP API event in, the answer to the sender out."""

from datetime import timedelta
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3

from bridge.adapters.aws import CLIENT_CONFIG
from bridge.adapters.clock import utc_now
from bridge.adapters.dynamodb import DynamoDbDeliveries
from bridge.adapters.metrics import EmbeddedCounts
from bridge.adapters.sqs import SqsBuffer
from bridge.adapters.ssm import SsmParameters
from bridge.adapters.ssm_tokens import SsmTokenStore
from bridge.adapters.wiring import inlet_sender
from bridge.deadline import Deadline
from bridge.errors import BridgeError, WebhookRejectedError
from bridge.receiving import Receiver
from bridge.responses import accepted, problem
from bridge.settings import ReceiverSettings
from bridge.source_directory import SourceDirectory
from bridge.telemetry import logger, where
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# The shortest time that a provider waits is 3 s (Slack, Zoom); the rest is for the way.
INLINE_SECONDS = 2.5
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
    client = boto3.client("ssm", config=CLIENT_CONFIG)
    parameters = SsmParameters(client)
    tokens = SsmTokenStore(client, settings.token_path, utc_now)
    return Receiver(
        directory=SourceDirectory(parameters, settings.stage, utc_now),
        sender=inlet_sender(settings, parameters, tokens, deadline),
        buffer=SqsBuffer(boto3.client("sqs", config=CLIENT_CONFIG), settings.buffer_queue_url),
        deliveries=DynamoDbDeliveries(
            boto3.client("dynamodb", config=CLIENT_CONFIG),
            settings.deliveries_table,
            utc_now,
            timedelta(days=settings.record_days),
        ),
        counts=counts,
        clock=utc_now,
    )


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Take a webhook on."""
    left = context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    deadline.start(min(INLINE_SECONDS, left))
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
    logger.info(
        receipt.state, extra={"delivery_id": receipt.delivery_id, "xaction_id": receipt.xaction_id}
    )
    counts.flush()
    return accepted(receipt)
