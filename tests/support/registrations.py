"""Sources whose registration is pending, and the requests of senders that bring their secret."""

import hashlib
import hmac
import json
from typing import Any

import boto3

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.webhook_events import event

VENDOR = "CANARY-vendor-b537207f20cbfa02357cf448134da559"
OTHER = "CANARY-other-e8bd39d61597dcd5631b8012eae53e81"
TOKEN = "CANARY-path-token-1"
NEW_TOKEN = "CANARY-path-token-2"
PATH_TOKEN = "/inlet-bridge/dev/secrets/path-token"
NEW_PATH_TOKEN = "/inlet-bridge/dev/secrets/new-path-token"

CUSTOM: dict[str, Any] = {
    "Provider": None,
    "Scheme": {
        "Family": "mac",
        "Content": "{body}",
        "Signature": {"From": "header:x-signature"},
    },
    "Handshakes": [
        {
            "When": ["method=POST", "json:secret", "header:x-signature="],
            "Signed": "false",
            "Capture": "json:secret",
        }
    ],
}
SENDERS: dict[str, dict[str, Any]] = {
    "asana": {"Provider": "asana"},
    "notion": {"Provider": "notion"},
    "custom": CUSTOM,
}


def put_path_tokens() -> None:
    """Write the path tokens down, as an operator does."""
    for name, token in ((PATH_TOKEN, TOKEN), (NEW_PATH_TOKEN, NEW_TOKEN)):
        boto3.client("ssm").put_parameter(
            Name=name, Value=token, Type="SecureString", Overwrite=True
        )


def captured_name(sender: str) -> str:
    return f"/inlet-bridge/dev/secrets/captured/{sender}"


def captured(sender: str) -> str | None:
    """The secret that is kept; None when there is none."""
    names = [captured_name(sender)]
    found = boto3.client("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
    return found[0]["Value"] if found else None


def deploy(cloud: DeliveryCloud, sender: str, **properties: Any) -> dict[str, Any]:
    """Deploy a source whose registration is pending; CloudFormation's answer."""
    given = {
        "Name": sender,
        "Secrets": [captured_name(sender)],
        "Registration": "pending",
        "PathTokens": [PATH_TOKEN],
        **SENDERS.get(sender, {}),
        **properties,
    }
    return cloud.provisioned.send("source-create", **given)


def deployed(cloud: DeliveryCloud, sender: str, **properties: Any) -> None:
    answer = deploy(cloud, sender, **properties)
    assert answer["Status"] == "SUCCESS", answer["Reason"]


def request(
    sender: str, body: bytes, headers: dict[str, str], token: str = TOKEN
) -> dict[str, Any]:
    """An event of API Gateway."""
    made = event("stripe-signed")
    made["rawPath"] = f"/webhooks/{sender}/{token}" if token else f"/webhooks/{sender}"
    made["pathParameters"] = {"source": sender} | ({"token": token} if token else {})
    made["headers"] = {"content-type": "application/json", **headers}
    made["body"] = body.decode()
    return made


def bringing(sender: str, secret: str, token: str = TOKEN) -> dict[str, Any]:
    """A sender's first request."""
    if sender == "asana":
        return request(sender, b"", {"x-hook-secret": secret}, token)
    field = "verification_token" if sender == "notion" else "secret"
    return request(sender, json.dumps({field: secret}).encode(), {}, token)


def webhook(sender: str, secret: str, number: int = 1, token: str = TOKEN) -> dict[str, Any]:
    """A signed webhook of a sender."""
    body = json.dumps({"id": f"e-{number}", "events": [{"action": "changed"}]}).encode()
    proof = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    header, text = {
        "asana": ("x-hook-signature", proof),
        "notion": ("x-notion-signature", f"sha256={proof}"),
        "custom": ("x-signature", proof),
    }[sender]
    return request(sender, body, {header: text}, token)


def conflicts(cloud: DeliveryCloud) -> list[dict[str, Any]]:
    """The lines that the alarm counts."""
    return [line for line in cloud.lines() if line["message"] == "another secret arrived"]
