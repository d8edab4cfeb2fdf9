"""What `inlet send` says of an event that nothing takes, and of a secret that cannot sign."""

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from bridge.delivery.record import State
from bridge.sources.route import DROP, Route, RouteTarget
from inlet_bridge.cli import send, sent_outcome
from inlet_bridge.local.single_sender import Target
from inlet_bridge.operations.records.table import DeliveryRecord
from inlet_bridge.senders.providers import SENDERS
from tests.support.receiver_fakes import source_of
from tests.support.sent_webhooks import declared, receiver, run


@pytest.mark.parametrize(
    ("provider", "event", "sentence"),
    [
        ("linear", "Isue", "event_type is Isue+created; When has 'Issue+create'"),
        ("linear", "Comment", "event_type is Comment+created; When has 'Issue+create'"),
        ("stripe", "invoice.payed", "event_type is invoice.payed; When has 'Issue+create'"),
    ],
)
def test_filtered_webhook_is_explained_with_the_events_that_routes_take(
    monkeypatch: pytest.MonkeyPatch, provider: str, event: str, sentence: str
) -> None:
    routes = (Route((RouteTarget("events"),), "event_type == 'Issue+create'"),)
    source = source_of(declared(provider))._replace(routes=routes, otherwise=DROP)
    secret = SENDERS[provider].new_secret()
    with receiver(provider, secret) as (url, _):
        target = Target(url, "", "", secret, "it", configured=source)
        monkeypatch.setattr(send, "running_cloud", lambda: None)
        monkeypatch.setattr(
            send, "SingleSender", lambda _: SimpleNamespace(target=lambda *_: target)
        )
        record = DeliveryRecord("it", "x", State.FILTERED, datetime.now(UTC), {})
        monkeypatch.setattr(sent_outcome, "local_record", lambda *_: record)

        status, said = run("send", provider, event)

    assert status == 0, said
    sent = sentence.removeprefix("event_type is ").partition(";")[0]
    assert f"No route of it takes {sent}, and Otherwise says drop:" in said
    assert sentence in said


def test_misspelled_event_of_a_recipe_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("right", encoding="utf-8")
    with receiver("stripe", "right") as (url, _):
        to = ("--to", url, "--secret-file", str(tmp_path / "secret"))
        misspelled = run("send", "stripe", "invoice.payed", *to)[1]
        other = run("send", "stripe", "zz", *to)[1]

    assert "There is no sample of invoice.payed; is it invoice.paid? A generic body" in misspelled
    assert (
        "There is no sample of zz; --body FILE sends one of yours. A generic body is sent." in other
    )


@pytest.mark.parametrize(
    ("provider", "form"),
    [
        ("svix", "must be base64, with or without the prefix whsec_"),
        ("sendgrid", "must be the private key that signs"),
    ],
)
def test_secret_that_cannot_sign_is_named_with_its_form(
    tmp_path: Path, provider: str, form: str
) -> None:
    (tmp_path / "secret").write_text("TOPSECRET!", encoding="utf-8")
    to = ("--to", "http://127.0.0.1:9/a", "--secret-file", str(tmp_path / "secret"))
    status, said = run("send", provider, *to)

    assert status == 1
    assert f"the text of --secret-file {form}" in said
    assert "TOPSECRET" not in said


def test_file_with_more_than_the_secret_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("STRIPE_SECRET=whsec_CANARY", encoding="utf-8")
    to = ("--to", "http://127.0.0.1:9/a", "--secret-file", str(tmp_path / "secret"))
    status, said = run("send", "stripe", *to)

    assert status == 1
    assert "the text of --secret-file is not the secret: it has the form NAME=VALUE" in said
    assert "CANARY" not in said


@pytest.mark.parametrize(
    ("body", "sentence", "has_record"),
    [
        (
            {"plainToken": "abc"},
            "It was answered as a handshake, which is no event: nothing is recorded.",
            False,
        ),
        (
            {},
            "! it is a handshake of zoom, which needs no route, but lacks payload.plainToken",
            True,
        ),
    ],
)
def test_handshake_is_told_from_an_event(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    body: dict[str, str],
    sentence: str,
    *,
    has_record: bool,
) -> None:
    file = tmp_path / "body.json"
    file.write_text(json.dumps({"event": "endpoint.url_validation", "payload": body}))
    routes = (Route((RouteTarget("events"),), "event_type == 'meeting.started'"),)
    source = source_of(declared("zoom"))._replace(routes=routes, otherwise=DROP)
    secret = SENDERS["zoom"].new_secret()
    with receiver("zoom", secret) as (url, _):
        target = Target(url, "", "", secret, "it", configured=source)
        monkeypatch.setattr(send, "running_cloud", lambda: None)
        monkeypatch.setattr(
            send, "SingleSender", lambda _: SimpleNamespace(target=lambda *_: target)
        )
        record = DeliveryRecord("it", "x", State.FILTERED, datetime.now(UTC), {})
        monkeypatch.setattr(sent_outcome, "local_record", lambda *_: record)

        status, said = run("send", "zoom", "--body", str(file))

    assert status == 0, said
    assert sentence in said
    assert "No route of it" not in said
    assert ("inlet why" in said) is has_record
