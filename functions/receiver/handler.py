"""Lambda handler of the receiver: HTTP API event in, HTTP response out."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bridge.deadline import DEFAULT_INLINE_SECONDS
from bridge.errors import BridgeError, WebhookRejectedError
from bridge.receiving.responses import accepted, problem, provider_response
from bridge.telemetry import logger, where
from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook, request_id, source_name
from functions.receiver.wiring import counts, deadline, receiver, refusal_form, ssm_deadline

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Reserved of the function's timeout for buffering a webhook that could not be delivered.
RESERVE_SECONDS = 10
# Reserved after waiting for SSM: the webhook is then buffered without an attempt at the inlet.
RESPONSE_SECONDS = 2
# The longest name of a source; an unauthenticated client may send a longer one.
_MAX_LOGGED_CHARACTERS = 63


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: object, context: "LambdaContext") -> dict[str, Any]:
    """Receive a webhook."""
    seconds = context.get_remaining_time_in_millis() / 1000
    deadline.start(DEFAULT_INLINE_SECONDS, at_most=seconds - RESERVE_SECONDS)
    ssm_deadline.start(seconds - RESPONSE_SECONDS)
    name = source_name(event)
    # JSON can contain lone surrogates, which cannot be written to standard output.
    logger.append_keys(source=name[:_MAX_LOGGED_CHARACTERS].encode(errors="replace").decode())
    try:
        receipt = receiver().receive(name, Webhook.from_http_api(event))
    except WebhookRejectedError as exc:
        asked = {"status": exc.status.value, "request_id": request_id(event)}
        counts.log(logger.warning, "refused", reason=str(exc), **asked)
        return problem(exc.status, refusal_form(name))
    except BridgeError as exc:
        counts.log(logger.error, "unavailable", reason=str(exc), request_id=request_id(event))
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, refusal_form(name))
    except Exception as exc:  # noqa: BLE001
        # Respond with 503 so that the sender retries. Only the location is logged: the message
        # of an unforeseen exception could quote the request.
        fault = {"error": type(exc).__name__, "where": where(exc), "request_id": request_id(event)}
        counts.log(logger.critical, "unforeseen", **fault)
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, refusal_form(name))
    if isinstance(receipt, ProviderResponse):
        counts.log(logger.info, "handshake", status=receipt.status)
        return provider_response(receipt)
    ids = {"delivery_id": receipt.delivery_id, "xaction_id": receipt.xaction_id}
    counts.log(logger.info, receipt.state, **ids)
    return accepted(receipt)
