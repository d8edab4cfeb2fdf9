"""The request that sends a kept webhook again, from a terminal; signed for the local cloud only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from botocore.exceptions import ClientError

from bridge.delivery.delivery import Delivery
from bridge.sources.source import Source
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Request, Sending

_HEADER: Final = "header:"
_JSON: Final = "application/json"
_REPEATED: Final = (
    "It has the ID {}: while that is recorded, the bridge answers as it did the first time, and"
    " sends nothing."
)
_UNSIGNED: Final = "It is not signed, so the bridge responds with 401"


@dataclass(frozen=True, slots=True)
class Repetition:
    """A request.

    Attributes:
        host: for the header Host; empty if the URL has it.
        notes: what is missing, and why.
        signed_at: when it was signed; None if it is not.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    host: str = ""
    notes: tuple[str, ...] = field(default=())
    signed_at: datetime | None = None


def repetition_of(
    deployed: Deployed,
    source: Source,
    webhook: Delivery,
    headers: Mapping[str, str],
    query: Mapping[str, list[str]],
    *,
    is_local: bool,
) -> Repetition:
    """The request with the headers and parameters that may be shown.

    Args:
        deployed: the stack.
        source: of the webhook.
        webhook: as it may be shown.
        headers: of the webhook, without secrets.
        query: parameters of the URL, without secrets.
        is_local: whether the stack is in the local cloud, whose secrets sign nothing elsewhere.
    """
    host = _local_host(deployed) if is_local else ""
    base = source.public_url or (
        f"https://{host}/webhooks/{source.name}" if host else _webhooks_url(deployed, source)
    )
    public_url = f"{base}?{urlencode(query, doseq=True)}" if query else base
    given = {**_named(source, webhook), **headers}
    if webhook.content_type:
        given["content-type"] = webhook.content_type
    if webhook.content_encoding:
        given["content-encoding"] = webhook.content_encoding
    given.setdefault("content-type", _JSON)
    notes = [_REPEATED.format(webhook.delivery_id)]
    if source.access_rules.path_tokens:
        notes.append("The URL needs a path token at its end, which is a secret.")
    if not is_local:
        notes.append(f"{_UNSIGNED}: only the local cloud's own secrets sign here.")
        return Repetition(public_url, given, webhook.body, notes=tuple(notes))
    signed, problem = _signed(deployed, source, webhook, public_url, given)
    if signed is None:
        notes.append(f"{_UNSIGNED}: {problem} `inlet send` signs a sample.")
        local_url = _at_endpoint(deployed, public_url)
        return Repetition(local_url, given, webhook.body, host, tuple(notes))
    now = datetime.now(UTC)
    notes.append(
        "It is signed now, with the secret of the local cloud. Load the page again if it"
        " is refused as too old."
    )
    return Repetition(
        _at_endpoint(deployed, signed.url),
        {name.lower(): value for name, value in signed.headers.items()},
        signed.body,
        host,
        tuple(notes),
        now,
    )


def _named(source: Source, webhook: Delivery) -> dict[str, str]:
    """The headers in which the provider sends ID and type, as far as these are whole values."""
    found = {}
    for recipe, value in (
        (source.delivery_id, webhook.delivery_id),
        (source.event_type, webhook.event_type),
    ):
        first = next(iter(recipe), "")
        name = first.removeprefix(_HEADER)
        if first.startswith(_HEADER) and value and name.replace("-", "").isalnum():
            found[name] = value
    return found


def _signed(
    deployed: Deployed, source: Source, webhook: Delivery, url: str, given: Mapping[str, str]
) -> tuple[Request | None, str]:
    """The request as the provider signs it, or why it cannot be signed."""
    sender = SENDERS.get(source.provider)
    if sender is None or source.scheme.family == "none" or not source.secrets:
        return None, "there is no sender of this provider here."
    if source.scheme.family != "mac" or sender.published is not None:
        return None, "its token, or the key that signs, is not shown."
    secret = _secret(deployed, source.secrets[0])
    if not secret:
        return None, "the secret is not stored."
    now = datetime.now(UTC)
    sending = Sending(webhook.body, secret, now, url, webhook.delivery_id, given)
    try:
        request = sender.request(sending)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None, "the body is none that the provider signs."
    shown = (request.url, *request.headers.values(), request.body.decode(errors="replace"))
    if any(secret in text for text in shown):
        return None, "the request would have the secret itself."
    return request, ""


def _secret(deployed: Deployed, name: str) -> str:
    try:
        answer = deployed.ssm.get_parameter(Name=name, WithDecryption=True)
    except ClientError:
        return ""
    return answer["Parameter"]["Value"]


def _local_host(deployed: Deployed) -> str:
    port = urlsplit(deployed.ssm.meta.endpoint_url).port
    return f"{deployed.resource('WebhookApi')}.execute-api.localhost:{port}"


def _at_endpoint(deployed: Deployed, url: str) -> str:
    """The URL at the address of the local cloud: not every resolver knows names of localhost."""
    parts = urlsplit(url)
    address = urlsplit(deployed.ssm.meta.endpoint_url)
    return urlunsplit((address.scheme, address.netloc, parts.path, parts.query, ""))


def _webhooks_url(deployed: Deployed, source: Source) -> str:
    base = deployed.outputs.get("WebhooksUrl", "https://HOST/webhooks/")
    return f"{base}{source.name}"
