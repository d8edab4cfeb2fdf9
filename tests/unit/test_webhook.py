"""Tests of API Gateway events."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import UnsupportedBodyError
from bridge.webhook import Webhook


def event(**changes: object) -> dict[str, object]:
    """An HTTP API event, payload format 2.0."""
    return {
        "rawPath": "/webhooks/github",
        "rawQueryString": "",
        "headers": {"X-GitHub-Event": "push"},
        "requestContext": {"domainName": "hooks.example.com", "http": {"method": "post"}},
        "isBase64Encoded": False,
        **changes,
    }


@given(st.binary())
def test_base64_body_is_decoded(body: bytes) -> None:
    """Never decoded as text."""
    encoded = base64.b64encode(body).decode()

    assert Webhook.from_http_api(event(body=encoded, isBase64Encoded=True)).body == body


def test_text_body_is_encoded_as_utf8() -> None:
    """API Gateway decodes what it takes for text."""
    assert Webhook.from_http_api(event(body="café")).body == b"caf\xc3\xa9"


def test_missing_body_is_empty() -> None:
    """GET and HEAD."""
    assert Webhook.from_http_api(event()).body == b""


def test_body_with_a_lone_surrogate_is_encoded() -> None:
    """JSON may contain one; the request must not cause a server error."""
    assert Webhook.from_http_api(event(body="\ud800")).body == b"\xed\xa0\x80"


@pytest.mark.parametrize("headers", [None, {}, {"X-A": None}, {"X-A": 5}, {"X-A": ["b"]}])
def test_headers_that_are_not_strings_are_ignored(headers: object) -> None:
    """API Gateway sends only strings; direct invocations may contain anything."""
    assert Webhook.from_http_api(event(headers=headers)).headers == {}


@pytest.mark.parametrize("body", ["!", "YQ", "YQ==é", "\ud800"])
def test_body_that_is_not_base64_is_rejected(body: str) -> None:
    """API Gateway never sends one; direct invocations may."""
    with pytest.raises(UnsupportedBodyError):
        Webhook.from_http_api(event(body=body, isBase64Encoded=True))


def test_url_keeps_stage_prefix_and_query() -> None:
    """Some senders sign the URL that they called."""
    read = Webhook.from_http_api(event(rawPath="/prod/webhooks/x", rawQueryString="b=2&a=%2F"))

    assert read.url == "https://hooks.example.com/prod/webhooks/x?b=2&a=%2F"


def test_header_names_are_lower_case_and_the_method_upper() -> None:
    """Header names are case-insensitive in HTTP."""
    read = Webhook.from_http_api(event())

    assert read.headers == {"x-github-event": "push"}
    assert read.method == "POST"


def test_source_ip_and_path_token_are_read() -> None:
    """Access rules read them; a header that claims another address has no effect."""
    context = {
        "domainName": "hooks.example.com",
        "http": {"method": "post", "sourceIp": "192.0.2.7"},
    }
    read = Webhook.from_http_api(
        event(
            requestContext=context,
            pathParameters={"source": "x", "token": "tok"},
            headers={"X-Forwarded-For": "198.51.100.1"},
        )
    )

    assert (read.source_ip, read.path_token) == ("192.0.2.7", "tok")
    assert Webhook.from_http_api(event(pathParameters=None)).path_token == ""
