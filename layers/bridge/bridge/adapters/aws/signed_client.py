"""Call AWS services with signed requests, without boto3.

A webhook needs five operations of three services; importing boto3 and creating its clients is most
of a cold start. Names, parameters, responses and errors are boto3's, so an adapter accepts either.
"""

import base64
import json
import random
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple
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

_MAX_PAUSE_SECONDS = 0.5
_EMPTY = (b"{}", b"")


def _base64(value: bytes) -> str:
    """Binary values as JSON services expect them."""
    return base64.b64encode(value).decode()


# The check for circular references takes a third of the time; parameters are built by adapters.
_JSON = json.JSONEncoder(check_circular=False, separators=(",", ":"), default=_base64)

# The service's name in X-Amz-Target and its JSON version, as botocore's service models have them.
_PROTOCOLS = {
    "ssm": ("AmazonSSM", "1.1"),
    "dynamodb": ("DynamoDB_20120810", "1.0"),
    "sqs": ("AmazonSQS", "1.0"),
}
# Codes that botocore's mode "standard" retries in addition to every 5xx, and SSM's code for
# concurrent writes of one parameter (Systems Manager API reference, PutParameter).
THROTTLED = frozenset(
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
    """SSM has a parameter of this name, and `Overwrite` is false."""


_ERRORS = {
    "ConditionalCheckFailedException": ConditionalCheckFailedException,
    "ParameterAlreadyExists": ParameterAlreadyExists,
}


class CallPolicy(NamedTuple):
    """How long one call may take.

    The sender is waiting, so time-outs are short and a call is attempted twice; botocore's defaults
    are a minute and five attempts (boto3 guide, "Retries" and "Configuration").

    Attributes:
        timeout: seconds to connect, and to wait for the response.
        attempts: one for callers that retry, since two layers of retries multiply.
    """

    timeout: tuple[float, float] = (1.0, 3.0)
    attempts: int = 2


_POLICY = CallPolicy()


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
        policy: CallPolicy = _POLICY,
    ) -> None:
        self._service, self._version = _PROTOCOLS[service]
        self._scope = Scope(region, service)
        self._endpoint = endpoint
        self._host = urlsplit(endpoint).netloc
        self._credentials = credentials
        self._sleep = sleep
        self._policy = policy

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        if method.startswith("_"):
            raise AttributeError(method)
        call = partial(self._call, "".join(word.title() for word in method.split("_")))
        # Python finds it there the next time, without calling this method.
        self.__dict__[method] = call
        return call

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        content = _JSON.encode(parameters).encode()
        attempt = 1
        while True:
            try:
                return self._attempt(operation, content)
            except BotoCoreError:
                if attempt == self._policy.attempts:
                    raise
            except ClientError as exc:
                if attempt == self._policy.attempts or not _is_retryable(exc.response):
                    raise
            attempt += 1
            self._sleep(random.random() * _MAX_PAUSE_SECONDS)  # noqa: S311 (jitter)

    def _attempt(self, operation: str, content: bytes) -> dict[str, Any]:
        headers = {
            "content-type": f"application/x-amz-json-{self._version}",
            "host": self._host,
            "x-amz-target": f"{self._service}.{operation}",
        }
        headers = signed(headers, content, self._credentials(), self._scope, utc_now())
        try:
            response = connections().post(self._endpoint, headers, content, self._policy.timeout)
        except NoAnswerError as exc:
            raise connection_error(exc)(endpoint_url=self._endpoint) from exc
        document = _object(response.content)
        if response.status == HTTPStatus.OK:
            return document
        raise client_error(operation, response.status, document)


def connection_error(exc: NoAnswerError) -> type[BotoCoreError]:
    """The exception of botocore for a request without a response."""
    if exc.connected:
        return ReadTimeoutError if exc.timed_out else ConnectionClosedError
    return ConnectTimeoutError if exc.timed_out else EndpointConnectionError


def client_error(operation: str, status: int, document: Mapping[str, Any]) -> ClientError:
    """The exception of botocore for a response with an error.

    Args:
        operation: its name.
        status: of the response.
        document: the error, as JSON services describe it.
    """
    code = str(document.get("__type", "")).rpartition("#")[2] or str(status)
    response: Any = {
        **document,
        "Error": {"Code": code, "Message": str(document.get("message", ""))},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return _ERRORS.get(code, ClientError)(response, operation)


def _is_retryable(response: Any) -> bool:
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return (
        status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or status == HTTPStatus.TOO_MANY_REQUESTS
        or response["Error"]["Code"] in THROTTLED
    )


def _object(content: bytes) -> dict[str, Any]:
    """The response as a JSON object; empty for any other content, as from a proxy."""
    if content in _EMPTY:  # Of most writes.
        return {}
    try:
        document = json.loads(content)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
