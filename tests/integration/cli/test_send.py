"""Tests of `inlet send` with a local receiver that verifies like the bridge."""

import socket
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from bridge.delivery.record import State
from bridge.verification.identification import event_type, identity_of
from inlet_bridge.cli import send, sent_outcome
from inlet_bridge.local.single_sender import Target
from inlet_bridge.operations.records.table import DeliveryRecord
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sender
from tests.support.receiver_fakes import source_of
from tests.support.sent_webhooks import UNVERIFIED, declared, receiver, run

if TYPE_CHECKING:
    from bridge.webhook import Webhook

OWN = [name for name, sender in SENDERS.items() if sender.published is None]


FOREIGN = [name for name, sender in SENDERS.items() if sender.published is not None]


# The sender's own shape of the request has the event type.
SHAPED = {
    "adyen_payments",
    "azure_event_grid",
    "contentful",
    "google_push",
    "jotform",
    "mailchimp",
    "microsoft_graph",
    "shopify",
}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("name", [name for name in OWN if name != UNVERIFIED])
def test_sent_webhook_is_signed_like_that_of_the_provider(name: str, tmp_path: Path) -> None:
    secret = SENDERS[name].new_secret()
    (tmp_path / "secret").write_text(f"{secret}\n", encoding="utf-8")
    with receiver(name, SENDERS[name].stored(secret)) as (url, taken):
        status, said = run(
            "send", name, "order.paid", "--to", url, "--secret-file", str(tmp_path / "secret")
        )

    assert status == 0, said
    assert "202" in said
    assert secret not in said
    [webhook] = taken
    event = event_type(declared(name).event_type, webhook)
    shaped = name in SHAPED
    assert shaped or not declared(name).event_type or "order.paid" in event
    assert identity_of(declared(name).delivery_id, webhook, event).delivery_id


def test_rejected_webhook_sets_the_exit_status(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("wrong", encoding="utf-8")
    with receiver("github", "right") as (url, taken):
        status, said = run("send", "github", "--to", url, "--secret-file", str(tmp_path / "secret"))

    assert status == 1
    assert "401" in said
    assert taken == []


def test_file_is_sent_byte_for_byte(tmp_path: Path) -> None:
    body = '{"a": "Zoë 🎉" }\r\n'.encode()
    (tmp_path / "secret").write_text("right", encoding="utf-8")
    (tmp_path / "body.json").write_bytes(body)
    with receiver("github", "right") as (url, taken):
        options = ["--to", url, "--secret-file", str(tmp_path / "secret")]
        status, _ = run("send", "github", "push", *options, "--body", str(tmp_path / "body.json"))

    assert status == 0
    assert taken[0].body == body
    assert taken[0].headers["x-github-event"] == "push"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no JSON", "body.json is not JSON at line 1, column 1, so it is no body that Linear"),
        (b"{\n  'a': 1}", "body.json is not JSON at line 2, column 3"),
        (b" ", "body.json is empty"),
        (b"\xff", "body.json is not UTF-8 at byte 0"),
        (b"[1, 2]", "body.json is no body that Linear signs"),
        (b'"a"', "body.json is no body that Linear signs"),
    ],
)
def test_body_that_the_provider_cannot_sign_is_one_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "secret").write_text("right", encoding="utf-8")
    (tmp_path / "body.json").write_bytes(content)
    with receiver("linear", "right") as (url, taken):
        options = ["--to", url, "--secret-file", str(tmp_path / "secret")]
        status, said = run("send", "linear", *options, "--body", str(tmp_path / "body.json"))

    assert status == 1
    assert reason in said
    assert "Error:" not in said
    assert taken == []


def test_delivery_is_explained_although_the_response_has_no_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sender, source = SENDERS["linear"], source_of(declared("linear"))
    secret = sender.new_secret()
    with receiver("linear", secret) as (url, taken):
        target = Target(url, "", "", secret, "it", configured=source)
        found = SimpleNamespace(target=lambda *_: target)
        monkeypatch.setattr(send, "running_cloud", lambda: None)
        monkeypatch.setattr(send, "SingleSender", lambda _: found)
        details = {"note": "the message has no identity"}
        records = {"it": DeliveryRecord("it", "x", State.BUFFERED, datetime.now(UTC), details)}
        monkeypatch.setattr(sent_outcome, "local_record", lambda source, _: records.get(source))

        status, said = run("send", "linear")
        records.clear()
        _, unknown = run("send", "linear")

    assert status == 0, said
    event = event_type(source.event_type, taken[0])
    identity = identity_of(source.delivery_id, taken[0], event, by_content=source.by_content)
    assert f"inlet why {identity.delivery_id} --source it" in said
    assert "state: buffered\n" in said
    assert "! the message has no identity\n" in said
    assert "state: " not in unknown


@pytest.mark.parametrize("name", FOREIGN)
def test_preset_that_only_the_provider_can_sign_is_rejected(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    status, said = run(
        "send", name, "--to", "http://127.0.0.1:9", "--secret-file", str(tmp_path / "secret")
    )

    assert status == 1
    assert "can sign its webhooks" in said
    assert "Without --to" in said


@pytest.mark.parametrize("name", FOREIGN)
def test_local_cloud_receives_a_test_key(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        received: list[list[Webhook]] = []

        class Configured:
            """A local cloud with one source, on the loopback address."""

            def __init__(self, _: object) -> None:
                """Nothing is running."""

            def target(self, provider: str, sender: Sender, *_: object) -> Target:
                secret = sender.new_secret()
                url, taken = stack.enter_context(receiver(provider, sender.stored(secret), sender))
                received.append(taken)
                return Target(public_url=url, host="", endpoint="", secret=secret)

        monkeypatch.setattr(send, "running_cloud", lambda: None)
        monkeypatch.setattr(send, "SingleSender", Configured)

        status, said = run("send", name)

    assert status == 0, said
    assert "test key" in said
    assert len(received[0]) == 1


def test_xml_needs_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (tmp_path / "body.xml").write_bytes(b"<a/>")
    with receiver(UNVERIFIED, "") as (url, taken):
        options = ["--to", url, "--secret-file", str(tmp_path / "secret")]
        assert "name a file with --body" in run("send", UNVERIFIED, *options)[1]

        status, _ = run("send", UNVERIFIED, *options, "--body", str(tmp_path / "body.xml"))

    assert status == 0
    assert taken[0].body == b"<a/>"


def test_url_requires_a_secret(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")

    assert run("send", "github", "--to", "http://127.0.0.1:9")[0] == 2
    assert run("send", "github", "--secret-file", str(tmp_path / "secret"))[0] == 2


def test_unknown_host_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    (tmp_path / "secret").write_text("x", encoding="utf-8")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    status, said = run(
        "send", "github", "--to", "http://hub.example/", "--secret-file", str(tmp_path / "secret")
    )

    assert status == 1
    assert "failed: the name hub.example cannot be resolved" in said


def test_unreachable_url_is_reported(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    status, said = run(
        "send", "github", "--to", "http://127.0.0.1:9/", "--secret-file", str(tmp_path / "secret")
    )

    assert status == 1
    assert "the request to 127.0.0.1:9 failed: ConnectionError" in said


def test_subdomain_of_localhost_is_the_loopback_address(tmp_path: Path) -> None:
    """`inlet up` prints such URLs for its senders."""
    secret = SENDERS["github"].new_secret()
    (tmp_path / "secret").write_text(secret, encoding="utf-8")
    with receiver("github", SENDERS["github"].stored(secret)) as (url, taken):
        named = url.replace("127.0.0.1", "abc.execute-api.localhost")
        status, said = run(
            "send", "github", "--to", named, "--secret-file", str(tmp_path / "secret")
        )

    assert status == 0, said
    assert taken[0].headers["host"].startswith("abc.execute-api.localhost:")
