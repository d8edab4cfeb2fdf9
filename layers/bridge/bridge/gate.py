"""Who gets in: locks, handshakes and verification of one request."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bridge.errors import InvalidSignatureError, TooManyRequestsError, UnavailableError
from bridge.ports import NewSecrets, ProviderSites
from bridge.source import Source
from bridge.source_directory import ConfiguredSource, SourceDirectory
from bridge.sources.locks import check_method, check_path_token, check_size, check_source_ip
from bridge.sources.reply import Reply
from bridge.sources.verification import verify
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.handshaking import Handshaking


class Gate:
    """Lets the webhooks of configured senders in, and answers their handshakes.

    Args:
        directory: finds sources.
        sites: makes the providers' sites on first use; most senders need none.
        new_secrets: keeps a secret that arrives with a handshake.
    """

    def __init__(
        self,
        directory: SourceDirectory,
        sites: Callable[[], ProviderSites],
        new_secrets: NewSecrets,
    ) -> None:
        self._directory = directory
        self._sites = sites
        self._new_secrets = new_secrets

    def admit(self, source_name: str, webhook: Webhook, now: datetime) -> ConfiguredSource | Reply:
        """The source of a webhook that is genuine, or the answer to a handshake.

        Raises:
            WebhookRejectedError: the request is at fault.
            UnavailableError: it is not; the sender has to try again.
        """
        configured = self._directory.find(source_name)
        _check_locks(configured, webhook)
        if public_url := configured.source.public_url:
            webhook = replace(webhook, url=told_url(public_url, webhook))
        handshaking = self._handshaking if configured.source.handshakes else None
        if handshaking and (reply := handshaking.unsigned(configured, webhook, now)):
            return reply
        configured = self._verified(configured, webhook, now)
        if handshaking and (reply := handshaking.signed(configured, webhook, now)):
            return reply
        return configured

    @cached_property
    def _handshaking(self) -> "Handshaking":
        """Most senders ask nothing, so what answers is loaded for the others only."""
        from bridge.handshaking import Handshaking  # noqa: PLC0415

        return Handshaking(self._directory, self._sites, self._new_secrets)

    def _verified(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> ConfiguredSource:
        """The source with secrets of which one was used, read again where none was."""
        source = configured.source
        try:
            self._verify(source, webhook, configured.secrets, now)
        except InvalidSignatureError:
            renewed = self._directory.renew(source.name)
            if renewed is None and source.registration_until and not configured.secrets:
                raise UnavailableError(f"source {source.name} waits for its secret") from None
            if renewed is None:
                raise
            configured = renewed
            self._verify(configured.source, webhook, configured.secrets, now)
        return configured

    def _verify(
        self, source: Source, webhook: Webhook, secrets: tuple[str, ...], now: datetime
    ) -> None:
        if source.scheme.family in {"pk", "jwt"}:
            sites = self._sites().asked_by(source.name, webhook.source_ip)
            try:
                verify(source.scheme, webhook, secrets, now, sites)
            except UnavailableError as exc:
                # The sender is not proven, so any client can bring this about.
                raise TooManyRequestsError(str(exc)) from exc
        else:
            verify(source.scheme, webhook, secrets, now)


def told_url(public_url: str, webhook: Webhook) -> str:
    """The URL as the sender was told, with the query that it sent."""
    base = public_url.partition("?")[0]
    if webhook.path_token and not base.endswith(f"/{webhook.path_token}"):
        base = f"{base}/{webhook.path_token}"
    query = webhook.url.partition("?")[2]
    return f"{base}?{query}" if query else base


def _check_locks(configured: ConfiguredSource, webhook: Webhook) -> None:
    locks = configured.source.locks
    check_path_token(webhook, configured.path_tokens)
    check_source_ip(webhook, locks.allowed_cidrs)
    if locks.allowed_methods:
        asking = (place for each in configured.source.handshakes for place in each.when)
        methods = [place.removeprefix("method=") for place in asking if "method=" in place]
        check_method(webhook, [*locks.allowed_methods, *methods])
    check_size(webhook, locks.max_body_bytes)
