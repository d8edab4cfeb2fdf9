"""Sign one webhook as its provider does and send it."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import requests
from botocore.exceptions import BotoCoreError, ClientError
from rich.padding import Padding

from bridge.verification.catalogue import PRESETS
from bridge.version import USER_AGENT
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.failed_request import failed_request, other_scheme
from inlet_bridge.cli.send_advice import provider_advice, sample_advice, send_advice
from inlet_bridge.cli.sent_outcome import show_outcome
from inlet_bridge.cli.sent_sample import Content, file_content, recipe_content, recipe_sample
from inlet_bridge.cli.styled_text import Text, text_of_lines
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.running_cloud import running_cloud
from inlet_bridge.local.signing_secrets import secret_fault
from inlet_bridge.local.single_sender import SingleSender, Target
from inlet_bridge.local.stored_keys import with_stored_key
from inlet_bridge.mapping.json_files import json_fault
from inlet_bridge.mapping.sample_webhook import sample_webhook
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.unreachable import local_failure
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Request, Sender, Sending
from inlet_bridge.template_reading.provider_sources import sources_of_provider

_TIMEOUT_SECONDS = 30.0
_EXAMPLE = "example"
_FIRST_REDIRECT = 300


@dataclass(frozen=True, slots=True)
class SendOptions:
    """The arguments of `inlet send`.

    Attributes:
        event: type as the provider names it; empty for the first of the recipe, or an example.
        to: URL of a source; None means the local cloud.
        secret: signing key; None in the local cloud, which creates one.
        body: a file as `inlet map` reads it; None means a sample.
        source: of the local cloud; empty for the provider's own.
    """

    provider: str
    event: str
    to: str | None
    secret: str | None
    body: Path | None
    source: str = ""


def send(options: SendOptions) -> int:
    """Send one webhook and return the exit status: 0 only if it was accepted."""
    screen = Screen()
    began = datetime.now(UTC)
    try:
        target, request, response = _send(options, screen)
    except (LocalCloudError, OperationError) as exc:
        screen.failure(exc)
        return 1
    except (BotoCoreError, ClientError) as exc:
        screen.failure(local_failure(exc))
        return 1
    except requests.RequestException as exc:
        screen.failure(failed_request(exc, options.to or ""))
        return 1
    accepted = response.status_code < _FIRST_REDIRECT
    style = "green" if accepted else "bold red"
    screen.print(Text(f"{response.status_code} {response.reason}", style=style))
    screen.print(Padding(text_of_lines(response.text), (0, 2)))
    if not accepted:
        for sentence in provider_advice(options.provider, target.configured):
            screen.print(Text(sentence, style="yellow"))
    is_malformed = response.status_code == HTTPStatus.BAD_REQUEST
    if is_malformed and options.to and (way_out := other_scheme(options.to)):
        screen.print(Text(way_out, style="yellow"))
        return 1
    if not accepted and (options.to or response.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE):
        for sentence in send_advice(response, is_local=bool(target.host)):
            screen.print(Text(sentence, style="yellow"))
    if target.source:
        show_outcome(target, request, response, began, screen)
    return 0 if accepted else 1


def _send(options: SendOptions, screen: Screen) -> tuple[Target, Request, requests.Response]:
    """Send the webhook; the target, the request with all its headers, and the response."""
    sender = SENDERS[options.provider]
    if sender.published is not None:
        sender = _with_test_key(options, sender, screen)
    delivery_id = str(uuid.uuid4())
    content = _content(options, delivery_id, screen)
    target = (
        _remote_target(options, sender) if options.to else _local_target(options, sender, screen)
    )
    now = datetime.now(UTC)
    url = _with_query(target.public_url, content.query)
    sending = Sending(content.body, target.secret, now, url, delivery_id, content.headers)
    try:
        request = sender.request(sending)
    except (ValueError, TypeError, LookupError, AttributeError) as exc:
        title = PRESETS[options.provider].title
        what = options.body or "the sample"
        if fault := json_fault(content.body):
            raise LocalCloudError(
                f"{what} {fault}, so it is no body that {title} signs",
                hint="Correct it there, or name another file with --body.",
            ) from exc
        raise LocalCloudError(
            f"{what} is no body that {title} signs: {type(exc).__name__}",
            hint="Most providers send a JSON object; see `inlet providers`.",
        ) from exc
    # Without the query that the provider adds, which may contain the secret.
    screen.print(Text(f"POST {target.shown_url}"))
    if content.sample:
        screen.print(Text(f"The body is the sample {content.sample} of the recipe."))
    return target, request, _post(request, target)


def _with_test_key(options: SendOptions, sender: Sender, screen: Screen) -> Sender:
    """A sender with a test key that the local cloud stores. Raises LocalCloudError for a URL."""
    title = PRESETS[options.provider].title
    if options.to:
        raise LocalCloudError(
            f"only {title} can sign its webhooks: the bridge fetches the keys from there",
            hint="Without --to, the webhook is signed with a test key of the local cloud.",
        )
    screen.print(Text(f"{title} publishes its keys; the local cloud uses a test key instead."))
    return with_stored_key(options.provider, sender)


def _remote_target(options: SendOptions, sender: Sender) -> Target:
    url, secret = options.to or "", options.secret or ""
    if fault := secret_fault(PRESETS[options.provider].scheme, secret, sender):
        raise LocalCloudError(f"the text of --secret-file {fault}")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise LocalCloudError(f"{url} is not a URL: {exc}") from exc
    if not (parts.hostname or "").endswith(".localhost"):
        return Target(public_url=url, host="", endpoint="", secret=secret)
    # Names below localhost are the loopback address (RFC 6761, 6.3); not every resolver knows.
    default = 443 if parts.scheme == "https" else 80
    endpoint = f"{parts.scheme}://127.0.0.1:{port or default}"
    return Target(public_url=url, host=parts.netloc, endpoint=endpoint, secret=secret)


def _local_target(options: SendOptions, sender: Sender, screen: Screen) -> Target:
    with screen.step("Looking for the source in the local cloud"):
        target = SingleSender(running_cloud()).target(
            options.provider, sender, options.source, sources_of_provider(options.provider)
        )
    if target.is_new:
        screen.print(
            Text(f"No source has Provider {options.provider}; {target.source} was added for it.")
        )
    return target


def _content(options: SendOptions, delivery_id: str, screen: Screen) -> Content:
    preset = PRESETS[options.provider]
    chosen = None if options.body else recipe_sample(options.provider, options.event)
    event = options.event or (chosen.event if chosen else _EXAMPLE)
    headers: dict[str, str] = {}
    body = b""
    try:
        headers, body = sample_webhook(preset, event, delivery_id)
    except ValueError as exc:
        if options.body is None:
            raise LocalCloudError(f"{preset.title}: {exc}") from exc
    if options.body:
        return file_content(options.body, preset, headers, is_event_given=bool(options.event))
    if chosen:
        return recipe_content(chosen, preset, headers, delivery_id)
    for sentence in sample_advice(options.provider, options.event):
        screen.print(Text(sentence, style="yellow"))
    return Content(headers, body)


def _with_query(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def _post(request: Request, target: Target) -> requests.Response:
    """POST to the URL of the request, or to the endpoint that serves its host."""
    url = request.url
    sent = dict(request.headers)
    if target.host:
        parts = urlsplit(url)
        url = f"{target.endpoint}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        sent["host"] = target.host
    with requests.Session() as session:
        session.trust_env = False
        session.headers["User-Agent"] = USER_AGENT
        return session.post(
            url, data=request.body, headers=sent, timeout=_TIMEOUT_SECONDS, allow_redirects=False
        )
