"""Tests of the canonical requests of SNS and Contentful."""

import json

import pytest

from bridge.verification.canonical_requests import canonical_contentful, canonical_sns
from bridge.webhook import Webhook

NOTIFICATION = {
    "Type": "Notification",
    "MessageId": "m",
    "TopicArn": "t",
    "Message": "line\nline ë",
    "Timestamp": "2026-01-01T00:00:00.000Z",
    "Unsigned": "x",
}


def sns(**changes: object) -> bytes | None:
    document = {**NOTIFICATION, **changes}
    return canonical_sns(Webhook("POST", "https://x/y", {}, json.dumps(document).encode()))


def test_notification_signs_its_fields_in_order() -> None:
    timestamp = "Timestamp\n2026-01-01T00:00:00.000Z\n"
    head = "Message\nline\nline ë\nMessageId\nm\n"
    tail = f"{timestamp}TopicArn\nt\nType\nNotification\n"

    assert sns() == f"{head}{tail}".encode()
    assert sns(Subject="s") == f"{head}Subject\ns\n{tail}".encode()
    assert sns(Subject=None) == sns()


def test_confirmation_signs_its_url_and_token() -> None:
    found = sns(Type="SubscriptionConfirmation", SubscribeURL="https://u", Token="k")

    assert found is not None
    assert b"SubscribeURL\nhttps://u\n" in found
    assert b"Token\nk\nTopicArn\nt\nType\nSubscriptionConfirmation\n" in found


@pytest.mark.parametrize(
    "changes",
    [{"Type": "Other"}, {"Type": []}, {"Message": 1}, {"Subject": 1}, {"MessageId": None}],
)
def test_message_without_a_signed_field_has_no_canonical_form(changes: dict[str, object]) -> None:
    assert sns(**changes) is None


def test_lines_of_a_message_cannot_become_other_fields() -> None:
    """Else a client with the signature could shorten the message, and send it with another ID."""
    genuine = sns(Message="paid\nMessageId\nother\nSubject\nnot really")

    assert genuine is not None
    assert b"paid\nMessageId\nother\nSubject\nnot really\nMessageId\nm\n" in genuine
    assert sns(Message="paid", MessageId="other", Subject="not really\nMessageId\nm") is None


@pytest.mark.parametrize("name", ["MessageId", "Subject", "Timestamp", "TopicArn"])
def test_fields_besides_the_message_have_no_line_break(name: str) -> None:
    assert sns(**{name: "a\nb"}) is None
    assert sns(**{name: "a b"}) is not None


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"[" * 100_000])
def test_body_that_is_not_a_message_has_no_canonical_form(body: bytes) -> None:
    assert canonical_sns(Webhook("POST", "https://x/y", {}, body)) is None


TIME = "x-contentful-timestamp"
HEADERS = {
    "x-contentful-signed-headers": f"x-gone,x-contentful-topic,{TIME},x-contentful-signed-headers",
    TIME: " 12 ",
    "x-contentful-topic": "publish",
    "x-other": "unsigned",
}


def test_contentful_signs_sorted_headers_and_a_query_that_is_escaped_twice() -> None:
    request = Webhook("PUT", "https://x/a b/c?d=1&e=%20", HEADERS, b"body")
    listed = "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic"
    headers = (
        f"x-contentful-signed-headers:{listed};x-contentful-timestamp:12;x-contentful-topic:publish"
    )

    expected = f"PUT\n/a%20b/c?d%253D1%2526e%253D%252520\n{headers}\nbody"
    assert canonical_contentful(request) == expected.encode()


def test_contentful_signs_the_path_of_a_url_without_a_query() -> None:
    found = canonical_contentful(Webhook("PUT", "https://x/a", HEADERS, b""))

    assert found is not None
    assert found.startswith(b"PUT\n/a\n")


@pytest.mark.parametrize("listed", ["", "x-contentful-topic", "x-contentful-timestamp"])
def test_header_list_without_the_time_and_itself_is_rejected(listed: str) -> None:
    headers = {**HEADERS, "x-contentful-signed-headers": listed}

    assert canonical_contentful(Webhook("PUT", "https://x/", headers, b"")) is None
