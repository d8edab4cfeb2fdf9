"""Send the response to a custom resource request; CloudFormation waits up to an hour for it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import requests

from bridge.adapters.aws.clients import dns_suffix
from bridge.custom_resources.request import Outcome, check_request, refused_id
from bridge.custom_resources.response_url import is_response_url
from bridge.errors import BridgeError, InvalidPropertyError, UnavailableError
from bridge.telemetry import logger, where

if TYPE_CHECKING:
    from bridge.ports.process import Sleep

RESERVE_SECONDS = 15.0
"""The longest time to send the response: three attempts and the pauses between them."""

_DEFAULT_SERVICE_TIMEOUT = 3_600.0
_ATTEMPTS = 3
_TIMEOUT = (2.0, 2.0)
_PAUSE_SECONDS = 1.0
# In bytes. The limits are 4,096 for the response and 1,024 for the physical id; a stack's ARN has
# some 200.
_MAX_BYTES = 4_000
_MAX_PHYSICAL_ID = 1_024
_MAX_NAME = 512
_MAX_REASON = 1_000
_NOT_OURS: Final = "the ResponseURL is not an address of CloudFormation; nothing was done"


def service_timeout(event: Mapping[str, Any]) -> float:
    """How many seconds CloudFormation waits for the response after it sent the event."""
    properties = event.get("ResourceProperties")
    given = properties.get("ServiceTimeout") if isinstance(properties, Mapping) else None
    return float(str(given)) if str(given).isdecimal() else _DEFAULT_SERVICE_TIMEOUT


@dataclass(frozen=True, slots=True)
class CloudFormation:
    """Serves the custom resource requests of CloudFormation.

    Attributes:
        session: without a proxy, since the response URL is a secret.
        environ: names the region, and an emulator of AWS as `AWS_ENDPOINT_URL` or
            `AWS_ENDPOINT_URL_CLOUDFORMATION`, as boto3 reads them.
    """

    session: requests.Session
    sleep: "Sleep"
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def respond(
        self,
        event: Any,
        log_stream: str,
        serve: Callable[[], Outcome],
        failed_id: Callable[[], str],
    ) -> dict[str, Any]:
        """Serve the event, PUT the response, and return it.

        An event whose ResponseURL is not CloudFormation's is ignored, and nothing is PUT.

        Args:
            event: a custom resource request, or any other value.
            log_stream: contains the details of an internal error.
            serve: serves the event; it also creates its dependencies, so that a response is sent
                even if that fails.
            failed_id: the physical id under which a failed request may have created objects.

        Raises:
            UnavailableError: the response was not accepted; Lambda retries the event.
        """
        url = event.get("ResponseURL") if isinstance(event, Mapping) else None
        if not isinstance(url, str) or not self._is_response_url(url):
            logger.error(_NOT_OURS)
            return {"Status": "FAILED", "Reason": _NOT_OURS}
        status, outcome = _outcome(event, log_stream, serve, failed_id)
        response = _response(event, status, outcome)
        logger.info("response to CloudFormation", extra={"response": response})
        self._put(url, json.dumps(response).encode())
        return response

    def _is_response_url(self, url: str) -> bool:
        region = self.environ.get("AWS_REGION", "")
        endpoints = ("AWS_ENDPOINT_URL_CLOUDFORMATION", "AWS_ENDPOINT_URL")
        return is_response_url(
            url,
            region=region,
            dns_suffix=dns_suffix(region),
            endpoints=[self.environ.get(name, "") for name in endpoints],
        )

    def _put(self, url: str, content: bytes) -> None:
        """The URL is presigned, so it is a secret and is never logged."""
        problem = ""
        for attempt in range(_ATTEMPTS):
            if attempt:
                self.sleep(_PAUSE_SECONDS)
            try:
                received = self.session.put(
                    url,
                    data=content,
                    # The signature covers an empty content type; any other makes it invalid.
                    headers={"Content-Type": ""},
                    timeout=_TIMEOUT,
                    allow_redirects=False,
                )
            except requests.RequestException as exc:
                problem = type(exc).__name__
            else:
                if received.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    return
                problem = str(received.status_code)
        raise UnavailableError(f"CloudFormation did not accept the response: {problem}") from None


def _outcome(
    event: Mapping[str, Any],
    log_stream: str,
    serve: Callable[[], Outcome],
    failed_id: Callable[[], str],
) -> tuple[str, Outcome]:
    """The status and the outcome."""
    failed = refused = _text(event.get("PhysicalResourceId")) or refused_id(event)
    try:
        check_request(event)
        failed = failed_id()
        return "SUCCESS", serve()
    except InvalidPropertyError as exc:
        return "FAILED", Outcome(refused, {}, str(exc))
    except BridgeError as exc:
        return "FAILED", Outcome(failed, {}, str(exc))
    except Exception as exc:  # noqa: BLE001
        # Without a response, the stack waits for an hour. Only the location is logged: the message
        # of an unexpected exception could quote a secret.
        # The reason has it too: the rollback of a creation deletes the log.
        error, place = type(exc).__name__, where(exc)
        logger.critical("unforeseen", extra={"error": error, "where": place})
        reason = f"internal error: {error} at {place}, see log stream {log_stream}"
        return "FAILED", Outcome(failed, {}, reason)


def _response(event: Mapping[str, Any], status: str, outcome: Outcome) -> dict[str, Any]:
    """The response, within CloudFormation's size limit."""
    response = {
        "Status": status,
        "Reason": "",
        "PhysicalResourceId": _truncated(outcome.physical_id, _MAX_PHYSICAL_ID),
        **{
            name: _truncated(_text(event.get(name)), _MAX_NAME)
            for name in ("StackId", "RequestId", "LogicalResourceId")
        },
        "Data": {_valid_unicode(name): _valid_unicode(text) for name, text in outcome.data.items()},
    }
    reason = _valid_unicode(outcome.reason).encode()[:_MAX_REASON].decode(errors="ignore")
    remaining = _MAX_BYTES - len(json.dumps(response))
    if remaining < 0:
        # A response with only some attributes would break `!GetAtt` for the others.
        response |= {"Status": "FAILED", "Data": {}}
        reason = "the attributes of the resource exceed the size limit of a response"
        remaining = _MAX_BYTES - len(json.dumps(response))
    response["Reason"] = _truncated(reason, remaining)
    return response


def _text(value: object) -> str:
    """A string; empty if the event has another type here."""
    return value if isinstance(value, str) else ""


def _valid_unicode(text: str) -> str:
    """A string that every JSON parser accepts: a lone surrogate becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _truncated(text: str, max_bytes: int) -> str:
    """The longest prefix of a text with so many bytes as JSON."""
    text, used = _valid_unicode(text), 0
    for index, character in enumerate(text):
        used += len(json.dumps(character)) - len('""')
        if used > max_bytes:
            return text[:index]
    return text
