"""Requests to a source as API Gateway passes them on, and sources of any kind for them."""

import base64
from collections.abc import Mapping
from typing import Any

import boto3

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.sender_response import Response

HOST = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"


def url_of(source: str, query: str = "") -> str:
    """The URL that a sender of this source calls."""
    return f"https://{HOST}/webhooks/{source}" + (f"?{query}" if query else "")


def http(
    source: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    query: str = "",
    token: str = "",
) -> dict[str, Any]:
    """An event of an HTTP API, payload format 2.0."""
    path = f"/webhooks/{source}" + (f"/{token}" if token else "")
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name.lower(): text for name, text in (headers or {}).items()},
        "requestContext": {
            "domainName": HOST,
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.7"},
        },
        "pathParameters": {"source": source} | ({"token": token} if token else {}),
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def configure(cloud: DeliveryCloud, name: str, secret: str = "", **properties: Any) -> str:
    """Have the provisioner write a source down; the reason where it refuses."""
    given: dict[str, Any] = {"Name": name, "Provider": None, "Secrets": None, **properties}
    if secret:
        reference = f"/inlet-bridge/dev/secrets/{name}"
        boto3.client("ssm").put_parameter(
            Name=reference, Value=secret, Type="SecureString", Overwrite=True
        )
        given["Secrets"] = [reference]
    event = {key: value for key, value in given.items() if value is not None}
    answer = cloud.provisioned.create_source(event)
    return "" if answer["Status"] == "SUCCESS" else str(answer["Reason"])


def send(cloud: DeliveryCloud, *events: dict[str, Any]) -> list[Response]:
    """What the sender gets for each."""
    return [cloud.receive(event) for event in events]
