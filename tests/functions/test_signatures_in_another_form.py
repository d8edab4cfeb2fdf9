"""What the log says about a signature in another form than the provider's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from inlet_bridge.senders.providers import SENDERS
from tests.support.body_requests import SECRET, SIGNED, WHOLE, reason
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.http_requests import configure, http, send
from tests.support.signing_senders import b64

DIGEST = bytes(range(32))
FORM = "the signature has another form than"
B64 = "base64 of 32 bytes"
NO_SCHEME = "the token has no authorization scheme before it, or another"
HEX = "64 hex digits in lower case"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        assert configure(cloud, "github", SECRET, Provider="github") == ""
        yield cloud


@pytest.mark.parametrize(
    ("source", "name", "signature", "said"),
    [
        ("typeform", "typeform-signature", f"sha256={b64(DIGEST)}", "no signature matches"),
        ("typeform", "typeform-signature", f"sha256={DIGEST.hex()}", f"{FORM} {B64} after sha256"),
        ("shopify", "x-shopify-hmac-sha256", b64(DIGEST), "no signature matches"),
        ("shopify", "x-shopify-hmac-sha256", DIGEST.hex(), f"{FORM} {B64}"),
        ("shopify", "x-shopify-hmac-sha256", b64(DIGEST).rstrip("="), f"{FORM} {B64}"),
        ("github", "x-hub-signature-256", f"sha256={DIGEST.hex()}", "no signature matches"),
        ("github", "x-hub-signature-256", f"sha256={b64(DIGEST)}", f"{FORM} {HEX} after sha256"),
        ("github", "x-hub-signature-256", DIGEST.hex(), f"{FORM} {HEX} after sha256"),
        ("github", "x-hub-signature-256", f"sha1={DIGEST.hex()}", f"{FORM} {HEX} after sha256"),
        ("plain", "x-signature", DIGEST.hex(), "no signature matches"),
        ("plain", "x-signature", DIGEST.hex().upper(), f"{FORM} {HEX}"),
        ("plain", "x-signature", f"sha256={DIGEST.hex()}", f"{FORM} {HEX}"),
        ("plain", "x-signature", DIGEST.hex()[:40], f"{FORM} {HEX}"),
        ("plain", "x-signature", f"CANARY-{b64(DIGEST)}", f"{FORM} {HEX}"),
        ("any-case", "x-signature", DIGEST.hex().upper(), "no signature matches"),
        ("any-case", "x-signature", b64(DIGEST), f"{FORM} 64 hex digits"),
        ("base64url", "x-signature", DIGEST.hex(), f"{FORM} base64url of 32 bytes"),
        ("discord", "x-signature-ed25519", (DIGEST * 2).hex(), "no signature matches"),
        ("discord", "x-signature-ed25519", b64(DIGEST * 2), f"{FORM} 128 hex digits"),
        ("sendgrid", "x-twilio-email-event-webhook-signature", b64(DIGEST), "no signature matches"),
        ("sendgrid", "x-twilio-email-event-webhook-signature", "CANARY!", f"{FORM} base64"),
    ],
)
def test_signature_in_another_form_is_told_from_one_that_does_not_match(
    cloud: DeliveryCloud, source: str, name: str, signature: str, said: str
) -> None:
    declare_form(cloud, source)
    stamp = str(int(datetime.now(UTC).timestamp()))
    times = ("x-signature-timestamp", "x-twilio-email-event-webhook-timestamp")
    headers = {**dict.fromkeys(times, stamp), name: signature}

    [unsigned] = send(cloud, http("github", b"{}"))
    [refused] = send(cloud, http(source, b"{}", headers))

    assert (refused.status, refused.document) == (unsigned.status, unsigned.document)
    assert reason(cloud) == said
    assert "CANARY" not in str(cloud.lines())
    assert DIGEST.hex() not in str(cloud.lines())


def declare_form(cloud: DeliveryCloud, source: str) -> None:
    """Have the provisioner write down a source of this provider, or with this signature."""
    own: dict[str, dict[str, Any]] = {
        "plain": {},
        "any-case": {"IgnoreCase": True},
        "base64url": {"Encoding": "base64url"},
    }
    given: dict[str, Any] = {"Provider": source}
    secret = SECRET
    if source in own:
        scheme = {**SIGNED, "Signature": {"From": "header:x-signature", **own[source]}}
        given = {"Scheme": scheme, "Routes": WHOLE}
    elif source in {"discord", "sendgrid"}:
        sender = SENDERS[source]
        secret = sender.stored(sender.new_secret())
    assert configure(cloud, source, secret, **given) == ""


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("CANARY-token", NO_SCHEME),
        ("Basic CANARY-token", NO_SCHEME),
        ("Bearer CANARY-token", "no token matches"),
        ("bearer CANARY-token", "no token matches"),
        ("", "no token matches"),
    ],
)
def test_token_without_its_authorization_scheme_is_told_from_another_token(
    cloud: DeliveryCloud, header: str, said: str
) -> None:
    scheme = {"Family": "token", "From": "header:authorization", "Authorization": "Bearer"}
    assert configure(cloud, "bearer", SECRET, Scheme=scheme, Routes=WHOLE) == ""

    [unsigned] = send(cloud, http("github", b"{}"))
    [refused] = send(cloud, http("bearer", b"{}", {"authorization": header} if header else {}))

    assert (refused.status, refused.document) == (unsigned.status, unsigned.document)
    assert reason(cloud) == said
    assert "CANARY-token" not in str(cloud.lines())
