"""What the log says about requests that cannot be verified begins with what is wrong first."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.body_requests import SECRET, outcome, reason
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.http_requests import configure, http, send

STRIPE_SECRET = "whsec_CANARYCANARYCANARYCANARYCANARY12"
TOKEN = {"Family": "token", "From": "header:x-token"}
BODY_TOKEN = {"Family": "token", "From": "json:token"}
NO_TIME = "the timestamp is missing or not in the unit"
NO_SIGNATURE = "the request has no signature"
PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # RFC 8032, 7.1.
SIGNED = {"linear-signature": "0" * 64}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        for name in ("linear", "stripe", "github", "slack", "mailgun"):
            secret = STRIPE_SECRET if name == "stripe" else SECRET
            assert configure(cloud, name, secret, Provider=name) == ""
        given: dict[str, Any] = {"Routes": [{"Flow": "orders", "Map": {"a": "body.a"}}]}
        assert configure(cloud, "token", SECRET, Scheme=TOKEN, **given) == ""
        assert configure(cloud, "in-body", SECRET, Scheme=BODY_TOKEN, **given) == ""
        given["AllowedMethods"] = ["GET", "POST"]
        assert configure(cloud, "got", SECRET, Scheme=TOKEN, **given) == ""
        yield cloud


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD"])
def test_other_method_without_a_signature_is_named(cloud: DeliveryCloud, method: str) -> None:
    for source in ("linear", "stripe", "github", "token", "mailgun"):
        assert outcome(cloud, http(source, b"", method=method)) == (401, None)
        assert reason(cloud) == f"the method is {method}; webhooks are sent with POST"


def test_method_that_is_none_is_not_quoted(cloud: DeliveryCloud) -> None:
    assert outcome(cloud, http("github", b"", method="CANARY")) == (401, None)
    assert reason(cloud) == "the method is unknown; webhooks are sent with POST"


@pytest.mark.parametrize(
    ("source", "method", "headers", "said"),
    [
        ("got", "GET", {}, "no token matches"),  # The source takes GET.
        ("slack", "GET", {}, NO_SIGNATURE),  # Slack's handshake has GET.
        ("github", "PUT", {"x-hub-signature-256": f"sha256={'0' * 64}"}, "no signature matches"),
        ("stripe", "POST", {}, NO_SIGNATURE),
        ("linear", "POST", {}, NO_SIGNATURE),
        ("linear", "POST", SIGNED, f"{NO_TIME} ms: json:webhookTimestamp"),
        (
            "stripe",
            "POST",
            {"stripe-signature": f"v1={'0' * 64}"},
            f"{NO_TIME} s: in the signature",
        ),
    ],
)
def test_method_is_not_blamed_for_anything_else(
    cloud: DeliveryCloud, source: str, method: str, headers: dict[str, str], said: str
) -> None:
    assert outcome(cloud, http(source, b"{}", headers, method=method)) == (401, None)
    assert reason(cloud) == said


@pytest.mark.parametrize(
    ("source", "headers", "part"),
    [
        ("linear", SIGNED, "timestamp"),
        ("mailgun", {}, "signature"),
        ("in-body", {}, "token"),
    ],
)
def test_body_that_is_not_json_is_named_where_the_scheme_reads_it(
    cloud: DeliveryCloud, source: str, headers: dict[str, str], part: str
) -> None:
    for body in (b"{CANARY", b"\xff", b"[" * 100_000):
        assert outcome(cloud, http(source, body, headers)) == (401, None)
        assert reason(cloud) == f"the body is not JSON, so the {part} in it cannot be read"


def test_empty_body_is_named_where_the_scheme_reads_it(cloud: DeliveryCloud) -> None:
    assert outcome(cloud, http("in-body", b"")) == (401, None)
    assert reason(cloud) == "the body is empty, so the token in it cannot be read"


def test_sender_learns_none_of_it(cloud: DeliveryCloud) -> None:
    requests = (
        http("linear", b"{}"),
        http("linear", b"{}", SIGNED),
        http("linear", b"{", SIGNED),
        http("linear", b"{}", method="PUT"),
    )
    first, *others = ((each.status, each.document) for each in send(cloud, *requests))

    assert first[0] == 401
    assert all(each == first for each in others)


@pytest.mark.parametrize(
    ("source", "headers"),
    [
        ("github", {"x-hub-signature-256": f"sha256={'0' * 64}"}),
        ("discord", {"x-signature-ed25519": "0" * 128, "x-signature-timestamp": "1"}),
    ],
)
def test_body_with_replaced_characters_is_named(
    cloud: DeliveryCloud, source: str, headers: dict[str, str]
) -> None:
    """Text that is not UTF-8 reaches the receiver without its bytes."""
    assert configure(cloud, "discord", PUBLIC_KEY, Provider="discord") == ""
    body = b'{"type":0,"a":"caf\xe9"}'.decode(errors="replace").encode()

    assert outcome(cloud, http(source, body, headers)) == (401, None)
    assert reason(cloud) == (
        "no signature matches; the body has U+FFFD, as if bytes that are not UTF-8 were replaced"
    )
