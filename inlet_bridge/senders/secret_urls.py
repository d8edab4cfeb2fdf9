"""Senders that send the secret in a query parameter of the URL, which the operator chose."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode

from inlet_bridge.senders.sender import Sender, Sending, rfc3339, with_body

_FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "------------------------2b6c1f0d9e8a7b5c"


def _with_secret(it: Sending, name: str) -> Sending:
    mark = "&" if "?" in it.url else "?"
    return replace(it, url=f"{it.url}{mark}{name}={quote(it.secret, safe='')}")


def _document(it: Sending) -> dict[str, object]:
    """The members of a JSON object; anything else becomes one member."""
    try:
        document = json.loads(it.body)
    except ValueError:
        document = None
    return document if isinstance(document, dict) else {"data": it.body.decode(errors="replace")}


def _event_grid(it: Sending) -> Sending:
    """One event of the CloudEvents schema.

    https://learn.microsoft.com/azure/event-grid/cloud-event-schema
    """
    envelope = {
        "specversion": "1.0",
        "id": it.delivery_id,
        "source": "/subscriptions/1/providers/Microsoft.EventGrid/topics/orders",
        "type": "Acme.Orders.Created",
        "time": rfc3339(it.at),
        "data": _document(it),
    }
    body = json.dumps(envelope, ensure_ascii=False).encode()
    return _with_secret(with_body(it, body), "code")


def _mailchimp(it: Sending) -> Sending:
    """A form, or one with the members of a JSON object.

    https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/
    """
    if "type" in dict(parse_qsl(it.body.decode(errors="replace"))):
        return _with_secret(it, "secret")
    fields = {"type": "subscribe", "fired_at": f"{it.at:%Y-%m-%d %H:%M:%S}"}
    for name, value in _document(it).items():
        fields[f"data[{name}]"] = value if isinstance(value, str) else json.dumps(value)
    return _with_secret(with_body(it, urlencode(fields).encode()), "secret")


def _jotform(it: Sending) -> Sending:
    """https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/."""
    fields = {
        "formID": "233344556677",
        "submissionID": it.delivery_id,
        "type": "WEB",
        "rawRequest": json.dumps(_document(it), ensure_ascii=False),
    }
    parts = "".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    body = f"{parts}--{_BOUNDARY}--\r\n".encode()
    return _with_secret(with_body(it, body), "secret")


def _nothing(_: Sending) -> dict[str, str]:
    return {}


SECRET_URLS = {
    "azure_event_grid": Sender(
        _nothing,
        shape=_event_grid,
        describe=lambda _: {"aeg-event-type": "Notification", "aeg-delivery-count": "0"},
        content_type="application/cloudevents+json; charset=utf-8",
    ),
    "jotform": Sender(
        _nothing, shape=_jotform, content_type=f"multipart/form-data; boundary={_BOUNDARY}"
    ),
    "mailchimp": Sender(_nothing, shape=_mailchimp, content_type=_FORM),
}
