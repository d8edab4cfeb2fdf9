"""Sources of any preset, and requests of their senders as API Gateway passes them."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3

from bridge.verification.fact_kinds import RegistrationCheck
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sending
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.signing_senders import CASES
from tests.support.webhook_events import event

HOST = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
_SECRETS = "/inlet-bridge/dev/secrets"
_PATH_TOKEN = f"{_SECRETS}/path-token"


def source_name(provider: str) -> str:
    """The name of a provider's source."""
    return provider.replace("_", "-")


def declare(cloud: DeliveryCloud, provider: str, **properties: Any) -> None:
    """Create the source of a provider, with the secret of its sender."""
    case, name = CASES[provider], source_name(provider)
    stored = case.sender.stored(case.secret)
    if stored:
        store_secret(provider, stored)
    given: dict[str, Any] = {
        "Name": name,
        "Provider": provider,
        "Secrets": [f"{_SECRETS}/{name}"] if stored else [],
        "Constants": dict(case.sender.constants),
    }
    if case.sender.scheme:
        given["Scheme"] = dict(case.sender.scheme)
    answer = cloud.provisioned.send("source-create", **given | properties)
    assert answer["Status"] == "SUCCESS", answer["Reason"]
    cloud.restart()


def store_secret(provider: str, text: str) -> None:
    """Write the secret of a provider's source down."""
    boto3.client("ssm").put_parameter(
        Name=f"{_SECRETS}/{source_name(provider)}",
        Value=text,
        Type="SecureString",
        Overwrite=True,
    )


def delete_secret(provider: str) -> None:
    """Delete it."""
    boto3.client("ssm").delete_parameter(Name=f"{_SECRETS}/{source_name(provider)}")


def declare_pending(cloud: DeliveryCloud, provider: str, token: str) -> None:
    """Create a source whose secret arrives with the first request."""
    name = source_name(provider)
    boto3.client("ssm").put_parameter(
        Name=_PATH_TOKEN, Value=token, Type="SecureString", Overwrite=True
    )
    answer = cloud.provisioned.send(
        "source-create",
        Name=name,
        Provider=provider,
        Secrets=[f"{_SECRETS}/captured/{name}"],
        Registration="pending",
        PathTokens=[_PATH_TOKEN],
    )
    assert answer["Status"] == "SUCCESS", answer["Reason"]
    cloud.restart()


def passed(
    provider: str,
    *,
    method: str = "POST",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    token: str = "",
) -> dict[str, Any]:
    """A request as API Gateway passes it."""
    made = event("github-signed")
    path = f"/webhooks/{source_name(provider)}" + (f"/{token}" if token else "")
    made["rawPath"], made["rawQueryString"] = path, query
    made["requestContext"]["http"] |= {"method": method, "path": path}
    made["pathParameters"] = {"source": source_name(provider)} | ({"token": token} if token else {})
    trace = made["headers"].get("x-amzn-trace-id", "")
    made["headers"] = {"x-amzn-trace-id": trace, **(headers or {})}
    return made | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def sent(provider: str, body: bytes, secret: str = "", **changes: Any) -> dict[str, Any]:
    """A webhook of a provider, signed now."""
    case = CASES[provider]
    url = f"{HOST}/webhooks/{source_name(provider)}"
    sending = Sending(body, secret or case.secret, datetime.now(UTC), url)
    request = case.sender.request(sending)
    return passed(
        provider,
        query=request.url.partition("?")[2],
        headers=dict(request.headers),
        body=request.body,
        **changes,
    )


def check_request(provider: str, check: RegistrationCheck, token: str = "") -> dict[str, Any]:
    """The request of a registration check."""
    case, body = CASES[provider], check.body.encode()
    headers, query = dict(check.headers), check.query.replace("{secret}", case.secret)
    if check.signed or check.published_key:
        url = f"{HOST}/webhooks/{source_name(provider)}" + (f"?{query}" if query else "")
        secret = check.published_key or case.secret
        headers |= SENDERS[provider].sign(Sending(body, secret, datetime.now(UTC), url))
    return passed(
        provider, method=check.method, query=query, headers=headers, body=body, token=token
    )
