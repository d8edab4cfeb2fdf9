"""Senders that sign the URL, or fields of the body."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode
from xml.sax.saxutils import escape

from inlet_bridge.senders.sender import Sender, Sending, b64, mac, milliseconds, sha1_hex, with_body

FORM = "application/x-www-form-urlencoded"
_SIGNATURE_SETTINGS = "x-twilio-webhooks-signature-settings"
_ITEM_FIELDS = (
    "pspReference",
    "originalReference",
    "merchantAccountCode",
    "merchantReference",
    "value",
    "currency",
    "eventCode",
    "success",
)
_NOTIFICATION = """<notification>
  <kind>check</kind>
  <timestamp type="datetime">{at:%Y-%m-%dT%H:%M:%SZ}</timestamp>
  <subject>{subject}</subject>
</notification>
"""


def _square(it: Sending) -> dict[str, str]:
    return {"x-square-hmacsha256-signature": b64(mac(it.secret, it.url.encode() + it.body))}


def _trello(it: Sending) -> dict[str, str]:
    return {"x-trello-webhook": b64(mac(it.secret, it.body + it.url.encode(), "sha1"))}


def _hubspot_v1(it: Sending) -> dict[str, str]:
    return {"x-hubspot-signature": hashlib.sha256(it.secret.encode() + it.body).hexdigest()}


def _hubspot_v2(it: Sending) -> dict[str, str]:
    content = f"{it.secret}POST{it.url}".encode() + it.body
    return {"x-hubspot-signature": hashlib.sha256(content).hexdigest()}


def _hubspot_v3(it: Sending) -> dict[str, str]:
    time = milliseconds(it.at)
    return {
        "x-hubspot-signature-v3": b64(
            mac(it.secret, b"POST" + it.url.encode() + it.body + time.encode())
        ),
        "x-hubspot-request-timestamp": time,
    }


def _as_form(it: Sending) -> Sending:
    """The fields of a JSON body as a form; a form is unchanged."""
    try:
        document = json.loads(it.body)
    except ValueError:
        return it
    fields = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in document.items()
    }
    return with_body(it, urlencode(fields).encode())


def _url_and_form(header: str, algorithm: str, settings: str = "") -> Sender:
    """With the header that states the algorithm, if there are settings.

    https://www.twilio.com/docs/usage/webhooks/webhooks-security
    https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys
    """
    stated = {_SIGNATURE_SETTINGS: settings} if settings else {}

    def sign(it: Sending) -> dict[str, str]:
        fields = parse_qsl(it.body.decode(), keep_blank_values=True)
        content = it.url + "".join(name + value for name, value in sorted(set(fields)))
        return {header: b64(mac(it.secret, content.encode(), algorithm)), **stated}

    return Sender(sign, shape=_as_form, content_type=FORM)


def _with_body_hash(it: Sending) -> Sending:
    mark = "&" if "?" in it.url else "?"
    return replace(it, url=f"{it.url}{mark}bodySHA256={hashlib.sha256(it.body).hexdigest()}")


def _twilio_json(it: Sending) -> dict[str, str]:
    return {"x-twilio-signature": b64(mac(it.secret, it.url.encode(), "sha1"))}


def _mandrill_form(it: Sending) -> Sending:
    if it.body.startswith(b"mandrill_events="):
        return it
    return with_body(it, urlencode({"mandrill_events": it.body.decode()}).encode())


def _braintree(it: Sending) -> Sending:
    """The private key's hash is the key; the payload has line breaks, as in its samples.

    A body that is not a notification becomes the subject of one.
    https://developer.paypal.com/braintree/docs/guides/webhooks/parse
    """
    notification = it.body
    if not it.body.startswith(b"<"):
        subject = escape(it.body.decode(errors="replace"))
        notification = _NOTIFICATION.format(at=it.at, subject=subject).encode()
    payload = base64.encodebytes(notification)
    key = bytes.fromhex(sha1_hex(it.secret.encode()))
    signature = mac(key, payload, "sha1").hex()
    form = {"bt_signature": f"other|00&public-1|{signature}", "bt_payload": payload}
    return with_body(it, urlencode(form).encode())


def _members_of(body: bytes, names: Iterable[str]) -> dict[str, object]:
    """The members of a JSON object that have one of the names."""
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    given = document if isinstance(document, dict) else {}
    return {name: given[name] for name in names if name in given}


def _adyen_payments(it: Sending) -> Sending:
    """One payment; other fields of the body become additional data, which are not signed."""
    item: dict[str, object] = {
        "pspReference": it.delivery_id,
        "originalReference": "",
        "merchantAccountCode": "AcmeEU",
        "merchantReference": "Zoë-1",
        "amount": {"value": 1130, "currency": "EUR"},
        "eventCode": "AUTHORISATION",
        "success": "true",
    }
    item |= _members_of(it.body, item)
    flat = {**item, "value": 1130, "currency": "EUR"}
    content = ":".join(str(flat[name]) for name in _ITEM_FIELDS).encode()
    item["additionalData"] = {
        "metadata.message": it.body.decode(errors="replace"),
        "hmacSignature": b64(mac(bytes.fromhex(it.secret), content)),
    }
    document = {"live": "false", "notificationItems": [{"NotificationRequestItem": item}]}
    return with_body(it, json.dumps(document).encode())


URLS = {
    "adyen_payments": Sender(lambda _: {}, shape=_adyen_payments),
    "braintree": Sender(
        lambda _: {}, shape=_braintree, content_type=FORM, constants={"public_key": "public-1"}
    ),
    "hubspot_v1": Sender(_hubspot_v1),
    "hubspot_v2": Sender(_hubspot_v2),
    "hubspot_v3": Sender(_hubspot_v3),
    "mandrill": Sender(
        _url_and_form("x-mandrill-signature", "sha1").sign, shape=_mandrill_form, content_type=FORM
    ),
    "square": Sender(_square),
    "trello": Sender(_trello),
    "twilio_form": _url_and_form("x-twilio-signature", "sha1"),
    "twilio_json": Sender(_twilio_json, shape=_with_body_hash),
    "twilio_sharedkey": _url_and_form(
        "x-twilio-signature", "sha256", "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    ),
}
