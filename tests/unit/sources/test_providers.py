"""Every preset against a sender that signs as the vendor documents."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bridge.errors import InvalidSignatureError
from bridge.sources.catalogue import PRESETS
from bridge.sources.declaration import declare_scheme
from bridge.sources.schemes import MacScheme, Scheme
from bridge.sources.verification import verify
from bridge.webhook import Webhook
from tests.unit.sources.senders import NOW, SENDERS, URL, Sender, rfc3339, seconds

# What only the user knows.
GIVEN = {"marketo": {"From": "header:x-marketo-token"}}
SCHEMES: dict[str, Scheme] = {
    name: declare_scheme(name, GIVEN.get(name)).scheme for name in PRESETS
}
MACS = [name for name, scheme in SCHEMES.items() if isinstance(scheme, MacScheme)]
# Mailgun signs a time and a token; a token scheme signs nothing.
BODY_SIGNED = [name for name in MACS if name != "mailgun"]
URL_SIGNED = ["hubspot_v2", "hubspot_v3", "square", "trello"]
BODY_CARRIES_PROOF = ["linear", "mailgun", "microsoft_graph"]
TIMED = {
    name: scheme.timestamp
    for name, scheme in SCHEMES.items()
    if isinstance(scheme, MacScheme) and scheme.timestamp
}
PAST = {name: t.past_seconds for name, t in TIMED.items() if t.past_seconds is not None}
FUTURE = {name: t.future_seconds for name, t in TIMED.items() if t.future_seconds is not None}
UNTIMED = sorted(set(TIMED) - set(PAST))

every_provider = pytest.mark.parametrize("name", sorted(PRESETS))
every_signed_body = pytest.mark.parametrize("name", BODY_SIGNED)


def accepted(name: str, webhook: Webhook, secrets: Sequence[str] = (), now: datetime = NOW) -> bool:
    try:
        verify(SCHEMES[name], webhook, secrets or [SENDERS[name].secret], now)
    except InvalidSignatureError:
        return False
    return True


def proof(sender: Sender, webhook: Webhook) -> dict[str, str]:
    """The headers that the signature is made of."""
    return sender.sign(webhook.body, sender.secret, NOW)


def test_every_preset_has_a_sender() -> None:
    assert set(SENDERS) == set(PRESETS)


@every_provider
def test_a_genuine_webhook_is_accepted(name: str) -> None:
    assert accepted(name, SENDERS[name].send())


@every_provider
def test_a_genuine_webhook_that_api_gateway_carries_in_base64_is_accepted(name: str) -> None:
    webhook = SENDERS[name].send()
    path, _, query = URL.removeprefix("https://hooks.example.com").partition("?")
    event = {
        "requestContext": {"http": {"method": "POST"}, "domainName": "hooks.example.com"},
        "rawPath": path,
        "rawQueryString": query,
        "headers": {header.title(): value for header, value in webhook.headers.items()},
        "body": base64.b64encode(webhook.body).decode(),
        "isBase64Encoded": True,
    }

    assert accepted(name, Webhook.from_http_api(event))


@every_provider
def test_another_secret_is_refused(name: str) -> None:
    assert not accepted(name, SENDERS[name].send(), [SENDERS[name].other_secret])


@every_provider
@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_accepted(name: str, secrets: list[str]) -> None:
    with pytest.raises(InvalidSignatureError, match="no secret is configured"):
        verify(SCHEMES[name], SENDERS[name].send(), secrets, NOW)


@every_provider
def test_while_secrets_rotate_both_are_accepted(name: str) -> None:
    sender = SENDERS[name]
    secrets = [sender.secret, sender.other_secret]

    assert accepted(name, sender.send(sender.secret), secrets)
    assert accepted(name, sender.send(sender.other_secret), secrets)


@every_provider
def test_a_bare_request_is_refused(name: str) -> None:
    assert not accepted(name, Webhook("POST", URL, {}, b"{}"))


@every_provider
def test_each_missing_or_empty_header_of_the_proof_is_refused(name: str) -> None:
    webhook = SENDERS[name].send()
    for header in [*proof(SENDERS[name], webhook), *SENDERS[name].always]:
        rest = {key: value for key, value in webhook.headers.items() if key != header}

        assert not accepted(name, replace(webhook, headers=rest))
        assert not accepted(name, replace(webhook, headers=rest | {header: ""}))


@every_signed_body
@pytest.mark.parametrize("change", [b" ", b"\n", b"\x00", b"\xff", "ë".encode()])
def test_an_altered_body_is_refused(name: str, change: bytes) -> None:
    webhook = SENDERS[name].send()

    assert not accepted(name, replace(webhook, body=webhook.body + change))
    assert not accepted(name, replace(webhook, body=change + webhook.body))
    assert not accepted(name, replace(webhook, body=webhook.body[:-1]))
    assert not accepted(name, replace(webhook, body=b""))


@pytest.mark.parametrize("name", URL_SIGNED)
@pytest.mark.parametrize(
    "url",
    [URL.partition("?")[0], URL.replace("/prod", ""), URL.replace("https", "http"), URL + "&c=3"],
)
def test_another_url_is_refused_where_it_is_signed(name: str, url: str) -> None:
    assert not accepted(name, replace(SENDERS[name].send(), url=url))


@pytest.mark.parametrize("name", ["hubspot_v2", "hubspot_v3"])
def test_another_method_is_refused_where_it_is_signed(name: str) -> None:
    assert not accepted(name, replace(SENDERS[name].send(), method="PUT"))


@pytest.mark.parametrize("name", [n for n in BODY_SIGNED if n not in BODY_CARRIES_PROOF])
def test_a_signed_empty_body_is_refused_only_where_the_vendor_does(name: str) -> None:
    scheme = SCHEMES[name]
    assert isinstance(scheme, MacScheme)

    assert accepted(name, SENDERS[name].send(body=b"")) is not scheme.reject_empty_body


@pytest.mark.parametrize("name", PAST)
def test_a_stale_webhook_is_refused(name: str) -> None:
    tolerance = timedelta(seconds=PAST[name])

    assert accepted(name, SENDERS[name].send(at=NOW - tolerance))
    assert not accepted(name, SENDERS[name].send(at=NOW - tolerance - timedelta(seconds=1)))


@pytest.mark.parametrize("name", FUTURE)
def test_a_webhook_from_the_future_is_refused(name: str) -> None:
    tolerance = timedelta(seconds=FUTURE[name])

    assert accepted(name, SENDERS[name].send(at=NOW + tolerance))
    assert not accepted(name, SENDERS[name].send(at=NOW + tolerance + timedelta(seconds=1)))


@pytest.mark.parametrize("name", ["stripe", "hubspot_v3", "cloudinary", "customerio"])
def test_a_sender_whose_clock_is_ahead_is_accepted_where_the_vendor_does(name: str) -> None:
    assert accepted(name, SENDERS[name].send(at=NOW + timedelta(days=1)))


@pytest.mark.parametrize("name", UNTIMED)
def test_age_does_not_matter_where_the_vendor_sets_no_tolerance(name: str) -> None:
    assert accepted(name, SENDERS[name].send(at=NOW - timedelta(days=400)))


@pytest.mark.parametrize("name", sorted(TIMED))
def test_a_fresh_time_on_an_old_signature_is_refused(name: str) -> None:
    then = NOW - timedelta(days=1)
    webhook = SENDERS[name].send(at=then)

    def fresh(text: str) -> str:
        return text.replace(seconds(then), seconds(NOW)).replace(rfc3339(then), rfc3339(NOW))

    headers = {header: fresh(value) for header, value in webhook.headers.items()}
    body = fresh(webhook.body.decode()).encode()
    assert (headers, body) != (webhook.headers, webhook.body)

    assert not accepted(name, replace(webhook, headers=headers, body=body))


@every_provider
def test_a_refusal_gives_nothing_away(name: str) -> None:
    sender = SENDERS[name]
    webhook = sender.send()
    with pytest.raises(InvalidSignatureError) as caught:
        verify(SCHEMES[name], webhook, [sender.other_secret], NOW)
    said = str(caught.value)

    private = [sender.secret, sender.other_secret, webhook.body.decode(), *webhook.headers.values()]
    assert all(text not in said for text in private)
