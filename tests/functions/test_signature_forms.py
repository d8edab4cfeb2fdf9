"""Signature headers that vendors' libraries accept in one form only."""

import base64

import pytest

from bridge.webhook import Webhook
from inlet_bridge.senders.sender import Sending, milliseconds
from tests.support.handled_source import handled_preset
from tests.support.signing_senders import BODY, CASES, NOW, URL, mac, seconds


def verdict(name: str, webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> bool:
    status = handled_preset(name, monkeypatch).send(webhook).status
    assert status in {200, 401}
    return status == 200


@pytest.mark.parametrize(
    ("form", "accepted"),
    [
        ("t={t}, v1={v1}", True),
        ("t={t},v1={v1}", False),
        ("v1={v1}, t={t}", False),
        ("t={t}, v1={v1}, v1={v1}", False),
        ("t={t}, v1=00, v1={v1}", False),
        ("t={t}, v1={v1}, ", False),
    ],
)
def test_header_of_workos_has_one_form(
    form: str, monkeypatch: pytest.MonkeyPatch, *, accepted: bool
) -> None:
    """https://github.com/workos/workos-python/blob/main/src/workos/webhooks/_verification.py."""
    time = milliseconds(NOW)
    proof = mac(CASES["workos"].secret, time.encode() + b"." + BODY).hex()
    header = {"workos-signature": form.format(t=time, v1=proof)}

    assert verdict("workos", Webhook("POST", URL, header, BODY), monkeypatch) is accepted


@pytest.mark.parametrize(
    ("form", "accepted"),
    [
        ("t={t},v1={v1}", True),
        ("t={t}, v1={v1}", False),
        ("v1={v1},t={t}", False),
        ("t={t},v1={v1},v1={v1}", False),
        ("t={t},v1={v1}=", False),
        ("t=0{t},v1={v1}", False),
    ],
)
def test_header_of_sanity_has_one_form(
    form: str, monkeypatch: pytest.MonkeyPatch, *, accepted: bool
) -> None:
    """https://github.com/sanity-io/webhook-toolkit/blob/main/src/signature.ts."""
    signed = CASES["sanity"].sender.sign(Sending(BODY, CASES["sanity"].secret, NOW, URL))
    time, _, proof = signed["sanity-webhook-signature"].removeprefix("t=").partition(",v1=")
    header = {"sanity-webhook-signature": form.format(t=time, v1=proof)}

    assert verdict("sanity", Webhook("POST", URL, header, BODY), monkeypatch) is accepted


def test_sanity_signs_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    time = seconds(NOW)
    digest = mac(CASES["sanity"].secret, time.encode() + b"." + BODY)
    proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    header = {"sanity-webhook-signature": f"t={time},v1={proof}"}

    assert not verdict("sanity", Webhook("POST", URL, header, BODY), monkeypatch)
