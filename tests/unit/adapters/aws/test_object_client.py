"""Objects are put as botocore puts them."""

from datetime import UTC, datetime

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.exceptions import ClientError, ReadTimeoutError

from bridge.adapters.aws import object_client
from bridge.adapters.aws.object_client import ObjectClient
from bridge.adapters.aws.signed_client import CallPolicy
from bridge.adapters.aws.sigv4 import Credentials
from bridge.adapters.http.connections import NoAnswerError
from bridge.adapters.http.response import Response

NOW = datetime(2026, 11, 25, 9, 5, 7, tzinfo=UTC)
KEY = "07/github/2026-11-25/03/2026-11-25T09:05:07.000000+00:00/5f2c"
# As the class is: the fixtures of all tests replace the name in the module.
CLIENT = ObjectClient


class FakeConnections:
    """Keeps the request."""

    def __init__(self, answer: Response | NoAnswerError) -> None:
        self.answer = answer
        self.sent: list[tuple[str, str, dict[str, str], bytes, tuple[float, float]]] = []

    def send(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes,
        timeout: tuple[float, float],
    ) -> Response:
        self.sent.append((method, url, headers, content, timeout))
        if isinstance(self.answer, NoAnswerError):
            raise self.answer
        return self.answer


def put(
    monkeypatch: pytest.MonkeyPatch, answer: Response | NoAnswerError, emulator: str = ""
) -> FakeConnections:
    connections = FakeConnections(answer)
    monkeypatch.setattr(object_client, "connections", lambda: connections)
    monkeypatch.setattr(object_client, "utc_now", lambda: NOW)
    client = CLIENT(
        region="eu-central-1",
        emulator=emulator,
        host="s3.eu-central-1.amazonaws.com",
        credentials=lambda: Credentials("AKIDEXAMPLE", "CANARY", "IQoJb3JpZ2luX2VjE"),
        policy=CallPolicy(timeout=(0.3, 0.7)),
    )
    client.put_object(Bucket="bucket-1", Key=KEY, Body=b"value")
    return connections


@pytest.mark.parametrize(
    ("emulator", "base"),
    [
        ("", "https://bucket-1.s3.eu-central-1.amazonaws.com"),
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566/bucket-1"),
    ],
)
def test_request_and_signature_equal_those_of_botocore(
    monkeypatch: pytest.MonkeyPatch, emulator: str, base: str
) -> None:
    [(method, url, headers, content, timeout)] = put(
        monkeypatch, Response(200, {}, b""), emulator
    ).sent

    assert (method, content, timeout) == ("PUT", b"value", (0.3, 0.7))
    path = KEY.replace(":", "%3A").replace("+", "%2B")
    assert url == f"{base}/{path}"
    request = AWSRequest("PUT", url, {"content-type": headers["content-type"]}, b"value")
    request.context["timestamp"] = NOW.strftime("%Y%m%dT%H%M%SZ")
    request.context["signing"] = {}
    request.headers["X-Amz-Content-SHA256"] = headers["x-amz-content-sha256"]
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    request.headers["X-Amz-Security-Token"] = "IQoJb3JpZ2luX2VjE"
    credentials = BotocoreCredentials("AKIDEXAMPLE", "CANARY", "IQoJb3JpZ2luX2VjE")
    auth = S3SigV4Auth(credentials, "s3", "eu-central-1")
    string = auth.string_to_sign(request, auth.canonical_request(request))
    signature = headers["authorization"].rpartition("Signature=")[2]
    assert signature == auth.signature(string, request)


def test_refusal_has_the_code_of_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>no</Message></Error>"

    with pytest.raises(ClientError) as raised:
        put(monkeypatch, Response(503, {}, content))

    assert raised.value.response["Error"]["Code"] == "SlowDown"
    with pytest.raises(ClientError) as raised:
        put(monkeypatch, Response(403, {}, b"no XML"))
    assert raised.value.response["Error"]["Code"] == "403"


def test_missing_response_is_an_error_of_botocore(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReadTimeoutError):
        put(monkeypatch, NoAnswerError(TimeoutError(), connected=True))
