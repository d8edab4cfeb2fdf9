"""A boto3 client's calls as signed requests, without boto3.

A webhook needs five operations of three services; importing boto3 and making its clients is most
of a cold start. Names, parameters, answers and errors are boto3's, so an adapter takes either.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from bridge.adapters.aws.sigv4 import Credentials, Scope, signed
from bridge.adapters.clock import utc_now
from bridge.adapters.http.connections import NoAnswerError, connections

# The sender is waiting, so a call may take a second and is tried twice; botocore's own defaults
# are a minute and five times (boto3 guide, "Retries" and "Configuration").
_TIMEOUT = (1.0, 3.0)  # To connect, and to wait for the answer.
_TRIES = 2
_LONGEST_PAUSE_SECONDS = 0.5

# The service's name in X-Amz-Target and its JSON version, as botocore's service models have them.
_PROTOCOLS = {
    "ssm": ("AmazonSSM", "1.1"),
    "dynamodb": ("DynamoDB_20120810", "1.0"),
    "sqs": ("AmazonSQS", "1.0"),
}
# Refused for now; what botocore's mode "standard" tries again beside every 5xx, and SSM's word for
# two that write one parameter at once (Systems Manager API reference, PutParameter).
_THROTTLED = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TooManyUpdates",
        "TransactionInProgressException",
    }
)


class ConditionalCheckFailedException(ClientError):  # noqa: N818 (boto3's name)
    """The condition of a write to DynamoDB does not hold."""


class ParameterAlreadyExists(ClientError):  # noqa: N818 (boto3's name)
    """SSM has a parameter of this name, and it was not to be overwritten."""


_ERRORS = {
    "ConditionalCheckFailedException": ConditionalCheckFailedException,
    "ParameterAlreadyExists": ParameterAlreadyExists,
}


class SignedClient:
    """Calls one service: `SignedClient("ssm", ...).get_parameters(Names=[...])`."""

    exceptions: ClassVar = SimpleNamespace(**_ERRORS)

    def __init__(
        self,
        service: str,
        *,
        region: str,
        endpoint: str,
        credentials: Callable[[], Credentials],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._service, self._version = _PROTOCOLS[service]
        self._scope = Scope(region, service)
        self._endpoint = endpoint
        self._host = urlsplit(endpoint).netloc
        self._credentials = credentials
        self._sleep = sleep

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        if method.startswith("_"):
            raise AttributeError(method)
        return partial(self._call, "".join(word.title() for word in method.split("_")))

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        content = json.dumps(parameters).encode()
        tries = 1
        while True:
            try:
                return self._try(operation, content)
            except BotoCoreError:
                if tries == _TRIES:
                    raise
            except ClientError as exc:
                if tries == _TRIES or not _may_pass(exc.response):
                    raise
            tries += 1
            self._sleep(random.random() * _LONGEST_PAUSE_SECONDS)  # noqa: S311 (only spreads)

    def _try(self, operation: str, content: bytes) -> dict[str, Any]:
        headers = {
            "content-type": f"application/x-amz-json-{self._version}",
            "host": self._host,
            "x-amz-target": f"{self._service}.{operation}",
        }
        headers = signed(headers, content, self._credentials(), self._scope, utc_now())
        try:
            answer = connections().post(self._endpoint, headers, content, _TIMEOUT)
        except NoAnswerError as exc:
            raise _failure(exc)(endpoint_url=self._endpoint) from exc
        document = _object(answer.content)
        if answer.status == HTTPStatus.OK:
            return document
        raise _error(operation, answer.status, document)


def _failure(exc: NoAnswerError) -> type[BotoCoreError]:
    """What botocore calls it."""
    if exc.connected:
        return ReadTimeoutError if exc.timed_out else ConnectionClosedError
    return ConnectTimeoutError if exc.timed_out else EndpointConnectionError


def _error(operation: str, status: int, document: Mapping[str, Any]) -> ClientError:
    code = str(document.get("__type", "")).rpartition("#")[2] or str(status)
    response: Any = {
        **document,
        "Error": {"Code": code, "Message": str(document.get("message", ""))},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return _ERRORS.get(code, ClientError)(response, operation)


def _may_pass(response: Any) -> bool:
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return (
        status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or status == HTTPStatus.TOO_MANY_REQUESTS
        or response["Error"]["Code"] in _THROTTLED
    )


def _object(content: bytes) -> dict[str, Any]:
    """The answer as JSON; what a broken proxy sends in its place is an empty object."""
    try:
        document = json.loads(content or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
