"""Senders that send the secret itself."""

import json
import secrets

from inlet_bridge.senders.sender import Sender, Sending, b64, with_body


def shown(header: str, form: str = "{}", **scheme: object) -> Sender:
    """The secret in a header."""
    return Sender(lambda it: {header: form.format(it.secret)}, scheme=scheme)


def _graph(it: Sending) -> Sending:
    """Each item of a batch contains the client state."""
    item = {"clientState": it.secret, "changeType": "created", "id": it.delivery_id}
    return with_body(it, json.dumps({"value": [item, item]}).encode())


def _google_push(it: Sending) -> dict[str, str]:
    """https://developers.google.com/workspace/drive/api/guides/push."""
    return {
        "x-goog-channel-id": "4ba78bf0-6a47-11e2-bcfd-0800200c9a77",
        "x-goog-message-number": "".join(filter(str.isdigit, it.delivery_id)) or "2",
        "x-goog-resource-id": "ret08u3rv24htgh289g",
        "x-goog-resource-state": "update",
        "x-goog-resource-uri": "https://www.googleapis.com/drive/v3/files/1",
    }


SHOWN = {
    "basic_auth": Sender(
        lambda it: {"authorization": f"Basic {b64(it.secret.encode())}"},
        new_secret=lambda: f"webhooks:{secrets.token_hex(16)}",
    ),
    "bearer_api_key": shown("authorization", "Bearer {}"),
    "cloudevents": shown("authorization", "Bearer {}"),
    "gitlab_token": shown("x-gitlab-token"),
    "google_push": Sender(lambda it: {"x-goog-channel-token": it.secret}, describe=_google_push),
    "marketo": shown("x-marketo-token", From="header:x-marketo-token"),
    "microsoft_graph": Sender(lambda _: {}, shape=_graph),
    "okta": shown("authorization"),
    "salesforce_outbound": Sender(lambda _: {}, content_type="text/xml"),
}
