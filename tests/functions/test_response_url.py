"""The response to a custom resource request is sent only to CloudFormation."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.support.custom_resources import FUNCTIONS, Clouds, send, surrounded, written
from tests.support.listener import listening


@pytest.fixture
def clouds(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clouds]:
    with surrounded(monkeypatch) as clouds:
        yield clouds


BUCKET = "cloudformation-custom-resource-response-eucentral1"
CLOUDFORMATION = f"https://{BUCKET}.s3.eu-central-1.amazonaws.com/"


@contextmanager
def intercepted_requests() -> Iterator[list[requests.PreparedRequest]]:
    """Intercept every request of the library `requests` and respond with 200."""
    requested: list[requests.PreparedRequest] = []

    def take(_: object, request: requests.PreparedRequest, **__: object) -> requests.Response:
        requested.append(request)
        answer = requests.Response()
        answer.status_code = 200
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(HTTPAdapter, "send", take)
        yield requested


NOT_CLOUDFORMATION = [
    "https://attacker.example/answer?X-Amz-Signature=TOPSECRET",
    # Not HTTPS, and an emulator that is not configured.
    CLOUDFORMATION.replace("https", "http") + "?TOPSECRET",
    "http://127.0.0.1:9/answer?TOPSECRET",
    "https://localhost/answer?TOPSECRET",
    "http://169.254.169.254/latest/meta-data/TOPSECRET",
    # Another user, port, region or bucket, and names that only begin or end like the right name.
    f"https://{BUCKET}.s3.eu-central-1.amazonaws.com@attacker.example/?TOPSECRET",
    f"https://user:TOPSECRET@{BUCKET}.s3.eu-central-1.amazonaws.com/",
    f"https://@{BUCKET}.s3.eu-central-1.amazonaws.com/?TOPSECRET",
    f"https://{BUCKET}.s3.eu-central-1.amazonaws.com:8443/?TOPSECRET",
    f"https://{BUCKET}.s3.eu-central-1.amazonaws.com:443/?TOPSECRET",
    f"https://{BUCKET}.s3.eu-central-1.amazonaws.com./?TOPSECRET",
    f"https://{BUCKET}.s3.eu-west-1.amazonaws.com/?TOPSECRET",
    f"https://{BUCKET}.s3.eu-central-1.amazonaws.com.cn/?TOPSECRET",
    f"https://{BUCKET}.s3.eu-central-1.amazonaws.com.attacker.example/?TOPSECRET",
    f"https://{BUCKET}.attacker.example/?TOPSECRET",
    f"https://{BUCKET}.s3-website.eu-central-1.amazonaws.com/?TOPSECRET",
    f"https://attacker-{BUCKET}.s3.eu-central-1.amazonaws.com/?TOPSECRET",
    f"https://{BUCKET}-attacker.s3.eu-central-1.amazonaws.com/?TOPSECRET",
    f"https://attacker.{BUCKET}.s3.eu-central-1.amazonaws.com/?TOPSECRET",
    "https://attacker.s3.eu-central-1.amazonaws.com/?TOPSECRET",
    f"https://s3.eu-central-1.amazonaws.com/{BUCKET}/?TOPSECRET",
    # URLs that parsers interpret differently.
    f"https://attacker.example\\@{BUCKET}.s3.eu-central-1.amazonaws.com/?TOPSECRET",
    f"https://attacker.example#@{BUCKET}.s3.eu-central-1.amazonaws.com/?TOPSECRET",
    f"{CLOUDFORMATION}?TOPSECRET#fragment",
    f"{CLOUDFORMATION}\\?TOPSECRET",
    f"{CLOUDFORMATION}?TOPSECRET\nHost: attacker.example",
    f" {CLOUDFORMATION}?TOPSECRET",
    f"{CLOUDFORMATION}?TOPSECRET\u2028",
    f"https:{CLOUDFORMATION}?TOPSECRET",
    CLOUDFORMATION.removeprefix("https:") + "?TOPSECRET",
    "https://[::1/?TOPSECRET",
    "file:///etc/passwd?TOPSECRET",
    "",
    None,
    ["TOPSECRET"],
    {"TOPSECRET": 1},
    7,
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_event_with_a_foreign_response_url_does_nothing_and_logs_no_url(
    clouds: Clouds, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    for url in NOT_CLOUDFORMATION:
        caplog.clear()
        with intercepted_requests() as sent:
            answer = send(name, written(name, ResponseURL=url))

        assert sent == [], url
        assert clouds.nothing_changed(), url
        assert answer["Status"] == "FAILED", url
        logged = [each.getMessage() for each in caplog.records if each.name.startswith("service")]
        assert logged == ["the ResponseURL is not an address of CloudFormation; nothing was done"]
        assert "TOPSECRET" not in caplog.text + json.dumps(answer)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "useast1.s3.amazonaws.com"),
        ("us-east-1", "useast1.s3-us-east-1.amazonaws.com"),
        ("us-west-2", "uswest2.s3-us-west-2.amazonaws.com"),
        ("eu-central-1", "eucentral1.s3.eu-central-1.amazonaws.com"),
        ("eu-central-1", "eucentral1.s3.dualstack.eu-central-1.amazonaws.com"),
        ("ap-northeast-1", "apnortheast1.s3-ap-northeast-1.amazonaws.com"),
        ("il-central-1", "ilcentral1.s3.il-central-1.amazonaws.com"),
        ("us-gov-west-1", "usgovwest1.s3-us-gov-west-1.amazonaws.com"),
        ("us-gov-east-1", "usgoveast1.s3-fips.us-gov-east-1.amazonaws.com"),
        ("cn-north-1", "cnnorth1.s3.cn-north-1.amazonaws.com.cn"),
        ("eusc-de-east-1", "euscdeeast1.s3.eusc-de-east-1.amazonaws.eu"),
    ],
)
def test_response_is_sent_to_cloudformation_in_the_region_of_the_function(
    clouds: Clouds, monkeypatch: pytest.MonkeyPatch, region: str, host: str
) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.delenv("AWS_ENDPOINT_URL_CLOUDFORMATION")
    # As CloudFormation writes it: names of stack, resource and request, and a signature.
    path = "arn%3Aaws%3Acloudformation%3Ax%3A1%3Astack/s/5b1c8a90%7CPreflightSecret%7C8f6b3c1d"
    url = f"https://cloudformation-custom-resource-response-{host}/{path}?X-Amz-Signature=0f%2B="
    name = "preflight/secret-create"

    with intercepted_requests() as sent:
        answer = send(name, written(name, ResponseURL=url))

    assert answer["Status"] == "SUCCESS"
    (put,) = sent
    assert (put.method, put.url) == ("PUT", url)
    assert json.loads(put.body or "") == answer


def test_emulator_url_is_accepted_only_if_configured_and_local(
    clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, url = "preflight/secret-create", clouds.listener.url
    port = urlsplit(url).port
    for endpoint in ("", "http://127.0.0.1:1", f"https://127.0.0.1:{port}", "http://aws.example"):
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", endpoint)
        assert send(name, written(name, ResponseURL=url))["Status"] == "FAILED", endpoint
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", "http://aws.example")
    aws = written(name, ResponseURL="http://aws.example/answer")
    assert send(name, aws)["Status"] == "FAILED"
    assert clouds.listener.answers == []

    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", f"http://localhost:{port}/")
    assert send(name, written(name, ResponseURL=url))["Status"] == "SUCCESS"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_response_follows_no_redirect(
    clouds: Clouds, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    with listening() as elsewhere:
        clouds.listener.statuses += [status]
        clouds.listener.location = elsewhere.url
        clouds.cloud.send("connection-create", Name="NO")

        assert elsewhere.answers == []
    # A redirect is not a success: the response was sent again.
    assert len(clouds.listener.answers) == 2


def test_response_ignores_proxies_of_the_environment(
    clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.endpoint)
        monkeypatch.setenv("no_proxy", "")
        clouds.cloud.send("connection-create", Name="NO")

        assert proxy.answers == []
    assert len(clouds.listener.answers) == 1
