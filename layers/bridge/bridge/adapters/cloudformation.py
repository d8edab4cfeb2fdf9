"""Answers to CloudFormation, which waits for one for up to an hour.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests

from bridge.errors import BridgeError, InvalidPropertyError, UnavailableError
from bridge.provisioning.custom_resource import Outcome, refused_id
from bridge.telemetry import logger, where

if TYPE_CHECKING:
    from bridge.ports import Sleep

RESERVE_SECONDS = 15.0
"""What the answer itself may take, in the worst case: three tries and the pauses between."""

_DEFAULT_SERVICE_TIMEOUT = 3_600.0
_ATTEMPTS = 3
_TIMEOUT = (2.0, 2.0)
_PAUSE_SECONDS = 1.0
# Of the 4,096 bytes that the whole answer may have.
_LONGEST_REASON = 1_000


def service_timeout(event: Mapping[str, Any]) -> float:
    """For how many seconds CloudFormation waits for the answer, from when it sent the event."""
    given = str(event["ResourceProperties"].get("ServiceTimeout", ""))
    return float(given) if given.isdecimal() else _DEFAULT_SERVICE_TIMEOUT


@dataclass(frozen=True, slots=True)
class CloudFormation:
    """The sender of a custom resource's events."""

    session: requests.Session
    sleep: "Sleep"

    def answer(
        self,
        event: Mapping[str, Any],
        log_stream: str,
        serve: Callable[[], Outcome],
        failed_id: Callable[[], str],
    ) -> dict[str, Any]:
        """Do what the event asks for and PUT how it went; gives back what was PUT.

        Args:
            event: a custom resource's request.
            log_stream: where the details of an internal error are found.
            serve: does it; also what that needs is made in there, so that an answer goes out
                even if that fails.
            failed_id: the id under which a failure may have left something.

        Raises:
            UnavailableError: the answer was not taken; Lambda repeats the event.
        """
        answer = _answer(event, log_stream, serve, failed_id)
        logger.info("answering CloudFormation", extra={"answer": answer})
        self._put(event["ResponseURL"], json.dumps(answer, ensure_ascii=False).encode())
        return answer

    def _put(self, url: str, content: bytes) -> None:
        """The URL is presigned, so it is a secret and is never logged."""
        problem = ""
        for attempt in range(_ATTEMPTS):
            if attempt:
                self.sleep(_PAUSE_SECONDS)
            try:
                # The signature covers an empty content type; any other makes it invalid.
                taken = self.session.put(
                    url, data=content, headers={"Content-Type": ""}, timeout=_TIMEOUT
                )
            except requests.RequestException as exc:
                problem = type(exc).__name__
            else:
                if taken.status_code < HTTPStatus.BAD_REQUEST:
                    return
                problem = str(taken.status_code)
        raise UnavailableError(f"CloudFormation did not take the answer: {problem}") from None


def _answer(
    event: Mapping[str, Any],
    log_stream: str,
    serve: Callable[[], Outcome],
    failed_id: Callable[[], str],
) -> dict[str, Any]:
    failed = str(event.get("PhysicalResourceId") or refused_id(event))
    try:
        failed = failed_id()
        outcome, status = serve(), "SUCCESS"
    except InvalidPropertyError as exc:
        refused = event.get("PhysicalResourceId") or refused_id(event)
        outcome, status = Outcome(str(refused), {}, str(exc)), "FAILED"
    except BridgeError as exc:
        outcome, status = Outcome(failed, {}, str(exc)), "FAILED"
    except Exception as exc:  # noqa: BLE001
        # Whatever it is: without an answer the stack hangs for an hour. Only its place is logged,
        # since the message of an unforeseen exception could quote a secret.
        logger.critical("unforeseen", extra={"error": type(exc).__name__, "where": where(exc)})
        reason = f"internal error, see log stream {log_stream}"
        outcome, status = Outcome(failed, {}, reason), "FAILED"
    return {
        "Status": status,
        "Reason": outcome.reason.encode()[:_LONGEST_REASON].decode(errors="ignore"),
        "PhysicalResourceId": outcome.physical_id,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": dict(outcome.data),
    }
