"""The receiver: an HTTP API event in, the answer to the sender out."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bridge.deadline import DEFAULT_INLINE_SECONDS
from bridge.errors import BridgeError, WebhookRejectedError
from bridge.receiving.responses import accepted, problem, replied
from bridge.telemetry import logger, where
from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook, source_name
from functions.receiver.wiring import counts, deadline, receiver

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Kept back from the function's time-out, so that what is not delivered can still be buffered.
RESERVE_SECONDS = 10
# No source has a longer name; a stranger may try any.
_LOGGED_CHARACTERS = 63


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: object, context: "LambdaContext") -> dict[str, Any]:
    """Take a webhook on."""
    left = context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    deadline.start(DEFAULT_INLINE_SECONDS, at_most=left)
    name = source_name(event)
    # Standard output takes no halves of surrogate pairs, which a JSON event can hold.
    logged = name[:_LOGGED_CHARACTERS].encode(errors="replace").decode()
    logger.append_keys(source=logged)
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
    if isinstance(receipt, ProviderResponse):
        logger.info("answered a handshake", extra={"status": receipt.status})
        return replied(receipt)
    logger.info(
        receipt.state, extra={"delivery_id": receipt.delivery_id, "xaction_id": receipt.xaction_id}
    )
    return accepted(receipt)
