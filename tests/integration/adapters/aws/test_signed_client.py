"""Signed requests in the place of boto3's clients."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from moto import mock_aws

from bridge.adapters.aws import clients as aws
from bridge.adapters.aws import signed_client
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.role_credentials import role_credentials
from bridge.adapters.aws.signed_client import SignedClient
from bridge.adapters.aws.sigv4 import Credentials
from bridge.adapters.aws.sqs import SqsBuffer
from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.aws.ssm_tokens import SsmTokenStore
from bridge.adapters.http.connections import NoAnswerError
from bridge.adapters.http.response import Response
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import State, key_of
from bridge.errors import UnavailableError
from tests.support.deliveries_table import deliveries_table
from tests.support.fakes import NOON, FakeClock
from tests.support.moto_transport import Failure, MotoConnections

REGION = "eu-central-1"
DELIVERY = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b'{"a":1}')

type Serve = Callable[..., MotoConnections]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Puts moto in the place of connections, after so many failures."""

    def behind(*failures: Failure) -> MotoConnections:
        moto = MotoConnections(list(failures))
        monkeypatch.setattr(signed_client, "connections", lambda: moto)
        return moto

    with mock_aws():
        yield behind


def client(service: str) -> Any:
    """As adapters see it: a client of boto3's."""
    return SignedClient(
        service,
        region=REGION,
        endpoint=f"https://{service}.{REGION}.amazonaws.com",
        credentials=lambda: Credentials("AKID", "CANARY", "token"),
        sleep=lambda _seconds: None,
    )


def refused(status: int, code: str) -> Response:
    return Response(status, {}, json.dumps({"__type": code, "message": "CANARY"}).encode())


def no_answer(cause: Exception, *, connected: bool) -> NoAnswerError:
    return NoAnswerError(cause, connected=connected)


def test_secret_is_read(serve: Serve) -> None:
    serve()
    boto3.client("ssm").put_parameter(Name="/secret", Value="value", Type="SecureString")

    assert SsmParameters(client("ssm")).get(["/secret", "/missing"]) == {"/secret": "value"}


def test_existing_secret_is_not_overwritten(serve: Serve) -> None:
    serve()
    parameters = SsmParameters(client("ssm"))

    assert parameters.keep("/captured", "first")
    assert not parameters.keep("/captured", "second")


def test_of_two_concurrent_renewals_one_gets_the_lock(serve: Serve) -> None:
    serve()
    store = SsmTokenStore(client("ssm"), "/tokens", FakeClock())

    assert store.lock()
    assert not store.lock()
    store.unlock()
    assert store.lock()


def test_delivery_is_claimed_once_and_recorded(serve: Serve) -> None:
    serve()
    deliveries_table()
    clock = FakeClock()
    deliveries = DynamoDbDeliveries(client("dynamodb"), "deliveries", clock, timedelta(days=8))
    later = clock() + timedelta(seconds=20)

    assert deliveries.claim(DELIVERY, later).state is State.NEW
    assert deliveries.claim(DELIVERY, later).state is State.CLAIMED
    deliveries.delivered(DELIVERY, "flow", "1:2:3")
    assert deliveries.claim(DELIVERY, later).xaction_id == "1:2:3"
    assert deliveries.find([DELIVERY])[key_of(DELIVERY)].state is State.DELIVERED


def test_delivery_is_buffered(serve: Serve) -> None:
    serve()
    queues = boto3.client("sqs")
    url = queues.create_queue(QueueName="buffer")["QueueUrl"]

    SqsBuffer(client("sqs"), url).put(DELIVERY, timedelta(0))

    [message] = queues.receive_message(QueueUrl=url)["Messages"]
    assert Delivery.decode(message["Body"]) == DELIVERY


@pytest.mark.parametrize(
    "failure",
    [
        no_answer(TimeoutError(), connected=True),
        no_answer(ConnectionResetError(), connected=True),
        no_answer(ConnectionRefusedError(), connected=False),
        refused(500, "InternalServerError"),
        refused(503, "<html>"),
        refused(400, "com.amazonaws.dynamodb.v20120810#ThrottlingException"),
        refused(400, "TooManyUpdates"),
        refused(429, "TooManyRequests"),
    ],
)
def test_retryable_error_is_retried_once(serve: Serve, failure: Failure) -> None:
    moto = serve(failure)

    assert SsmParameters(client("ssm")).get(["/missing"]) == {}
    assert moto.targets == ["AmazonSSM.GetParameters"] * 2


@pytest.mark.parametrize(
    ("failure", "output"),
    [
        (no_answer(ConnectionResetError("CANARY"), connected=True), "ConnectionClosedError"),
        (no_answer(ConnectionRefusedError("CANARY"), connected=False), "EndpointConnectionError"),
        (no_answer(TimeoutError("CANARY"), connected=False), "ConnectTimeoutError"),
        (no_answer(TimeoutError("CANARY"), connected=True), "ReadTimeoutError"),
        (refused(500, "com.amazonaws#InternalServerError"), "InternalServerError"),
    ],
)
def test_second_failure_is_unavailable_and_quotes_nothing(
    serve: Serve,
    failure: Failure,
    output: str,
) -> None:
    moto = serve(failure, failure)

    with pytest.raises(UnavailableError, match=f"SSM cannot be read: {output}") as caught:
        SsmParameters(client("ssm")).get(["/secret"])
    assert "CANARY" not in str(caught.value)
    assert len(moto.targets) == 2


def test_permanent_error_is_not_retried(serve: Serve) -> None:
    moto = serve(refused(400, "AccessDeniedException"))

    with pytest.raises(UnavailableError, match="AccessDeniedException"):
        SsmParameters(client("ssm")).get(["/secret"])
    assert len(moto.targets) == 1


def test_response_that_is_not_json_is_an_error_with_its_status(serve: Serve) -> None:
    serve(Response(403, {}, b"<html>"))

    with pytest.raises(ClientError, match="403"):
        client("ssm").get_parameters(Names=["/secret"])


def test_missing_service_is_reported_with_the_message_of_botocore() -> None:
    nobody = SignedClient(
        "ssm",
        region=REGION,
        endpoint="http://127.0.0.1:9",
        credentials=lambda: Credentials("AKID", "CANARY"),
        sleep=lambda _seconds: None,
    )

    with pytest.raises(BotoCoreError, match=r"127\.0\.0\.1:9") as caught:
        nobody.get_parameters(Names=[])
    assert type(caught.value).__name__ == "EndpointConnectionError"


def test_private_attribute_is_not_an_operation() -> None:
    """Copying and pickling ask for such methods."""
    assert not hasattr(client("ssm"), "__deepcopy__")


ENVIRON = {
    "AWS_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "AKID",
    "AWS_SECRET_ACCESS_KEY": "CANARY",
    "AWS_SESSION_TOKEN": "token",
}


@pytest.mark.parametrize(
    ("more", "endpoint"),
    [
        ({}, "https://ssm.eu-central-1.amazonaws.com"),
        ({"AWS_REGION": "cn-north-1"}, "https://ssm.cn-north-1.amazonaws.com.cn"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, "http://127.0.0.1:4566"),
        (
            {
                "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
                "AWS_ENDPOINT_URL_SSM": "http://127.0.0.1:2",
            },
            "http://127.0.0.1:2",
        ),
    ],
)
def test_client_is_made_from_lambdas_variables(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, str], endpoint: str
) -> None:
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(aws, "SignedClient", lambda _service, **given: made.append(given))

    aws.aws_client("ssm", {**ENVIRON, **more})

    assert made[0]["endpoint"] == endpoint
    assert made[0]["credentials"]() == Credentials("AKID", "CANARY", "token")


def test_missing_region_is_named() -> None:
    with pytest.raises(UnavailableError, match="AWS_REGION is not set"):
        aws.aws_client("ssm", {**ENVIRON, "AWS_REGION": ""})


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_missing_credentials_are_named_on_first_use(name: str) -> None:
    current = role_credentials({key: value for key, value in ENVIRON.items() if key != name})

    with pytest.raises(UnavailableError, match=f"{name} is not set"):
        current()
