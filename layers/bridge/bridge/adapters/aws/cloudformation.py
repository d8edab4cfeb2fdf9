"""Answers to CloudFormation, which waits for one for up to an hour.

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
"""What the answer itself may take, in the worst case: three tries and the pauses between."""

_DEFAULT_SERVICE_TIMEOUT = 3_600.0
_ATTEMPTS = 3
_TIMEOUT = (2.0, 2.0)
_PAUSE_SECONDS = 1.0
# In bytes. The whole answer may have 4,096 and its physical id 1,024; a stack's ARN has some 200.
_MOST_BYTES = 4_000
_LONGEST_PHYSICAL_ID = 1_024
_LONGEST_NAME = 512
_LONGEST_REASON = 1_000
_NOT_OURS: Final = "the ResponseURL is not an address of CloudFormation; nothing was done"


def service_timeout(event: Mapping[str, Any]) -> float:
    """For how many seconds CloudFormation waits for the answer, from when it sent the event."""
    properties = event.get("ResourceProperties")
    given = properties.get("ServiceTimeout") if isinstance(properties, Mapping) else None
    return float(str(given)) if str(given).isdecimal() else _DEFAULT_SERVICE_TIMEOUT


@dataclass(frozen=True, slots=True)
class CloudFormation:
    """The sender of a custom resource's events.

    Attributes:
        session: with no proxy of its own, since the answer's URL is a secret.
        environ: names the region, and an emulator of AWS as `AWS_ENDPOINT_URL` or
            `AWS_ENDPOINT_URL_CLOUDFORMATION`, as boto3 reads them.
    """

    session: requests.Session
    sleep: "Sleep"
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def answer(
        self,
        event: Any,
        log_stream: str,
        serve: Callable[[], Outcome],
        failed_id: Callable[[], str],
    ) -> dict[str, Any]:
        """Do what the event asks for and PUT how it went; gives back what was PUT.

        An event whose ResponseURL is not CloudFormation's does nothing, and nothing is PUT.

        Args:
            event: a custom resource's request, or whatever else was sent in its place.
            log_stream: where the details of an internal error are found.
            serve: does it; also what that needs is made in there, so that an answer goes out
                even if that fails.
            failed_id: the id under which a failure may have left something.

        Raises:
            UnavailableError: the answer was not taken; Lambda repeats the event.
        """
        url = event.get("ResponseURL") if isinstance(event, Mapping) else None
        if not isinstance(url, str) or not self._is_response_url(url):
            logger.error(_NOT_OURS)
            return {"Status": "FAILED", "Reason": _NOT_OURS}
        status, outcome = _served(event, log_stream, serve, failed_id)
        answer = _answer(event, status, outcome)
        logger.info("answering CloudFormation", extra={"answer": answer})
        self._put(url, json.dumps(answer).encode())
        return answer

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
                taken = self.session.put(
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
                if taken.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    return
                problem = str(taken.status_code)
        raise UnavailableError(f"CloudFormation did not take the answer: {problem}") from None


def _served(
    event: Mapping[str, Any],
    log_stream: str,
    serve: Callable[[], Outcome],
    failed_id: Callable[[], str],
) -> tuple[str, Outcome]:
    """The status, and how it went."""
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
        # Whatever it is: without an answer the stack hangs for an hour. Only its place is logged,
        # since the message of an unforeseen exception could quote a secret.
        logger.critical("unforeseen", extra={"error": type(exc).__name__, "where": where(exc)})
        return "FAILED", Outcome(failed, {}, f"internal error, see log stream {log_stream}")


def _answer(event: Mapping[str, Any], status: str, outcome: Outcome) -> dict[str, Any]:
    """What is PUT, within the bytes that CloudFormation takes."""
    answer = {
        "Status": status,
        "Reason": "",
        "PhysicalResourceId": _shortened(outcome.physical_id, _LONGEST_PHYSICAL_ID),
        **{
            name: _shortened(_text(event.get(name)), _LONGEST_NAME)
            for name in ("StackId", "RequestId", "LogicalResourceId")
        },
        "Data": {_sound(name): _sound(text) for name, text in outcome.data.items()},
    }
    reason = _sound(outcome.reason).encode()[:_LONGEST_REASON].decode(errors="ignore")
    left = _MOST_BYTES - len(json.dumps(answer))
    if left < 0:
        # Some attributes without the others would be found out by whoever asks for one of those.
        answer |= {"Status": "FAILED", "Data": {}}
        reason = "the attributes of the resource are longer than an answer may be"
        left = _MOST_BYTES - len(json.dumps(answer))
    answer["Reason"] = _shortened(reason, left)
    return answer


def _text(value: object) -> str:
    """A text; empty where the event has something else in its place."""
    return value if isinstance(value, str) else ""


def _sound(text: str) -> str:
    """A text that every parser of JSON takes: half a surrogate pair becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shortened(text: str, most_bytes: int) -> str:
    """The longest beginning of a text that takes up so many bytes as JSON."""
    text, used = _sound(text), 0
    for index, character in enumerate(text):
        used += len(json.dumps(character)) - len('""')
        if used > most_bytes:
            return text[:index]
    return text
