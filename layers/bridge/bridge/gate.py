"""Who gets in: locks, handshakes and verification of one request."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bridge.errors import InvalidSignatureError, UnavailableError
from bridge.ports import NewSecrets, ProviderSites
from bridge.source import Source
from bridge.source_directory import ConfiguredSource, SourceDirectory
from bridge.sources.answering import (
    Reply,
    matching_handshake,
    refusal,
    reply_to,
    shows_secret,
)
from bridge.sources.handshake import Handshake
from bridge.sources.locks import check_method, check_path_token, check_size, check_source_ip
from bridge.sources.places import value
from bridge.sources.published_keys import is_allowed_address
from bridge.sources.verification import verify
from bridge.telemetry import logger
from bridge.webhook import Webhook


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

    def admit(self, source_name: str, webhook: Webhook, now: datetime) -> Source | Reply:
        """The source of a webhook that is genuine, or the answer to a handshake.

        Raises:
            WebhookRejectedError: the request is at fault.
            UnavailableError: it is not; the sender has to try again.
        """
        configured = self._directory.find(source_name)
        _check_locks(configured, webhook)
        if public_url := configured.source.public_url:
            webhook = replace(webhook, url=told_url(public_url, webhook))
        if asked := matching_handshake(configured.source.handshakes, webhook, signed=False):
            reply = self._answer_unsigned(asked, configured, webhook, now)
            if reply:
                return reply
        configured = self._verified(configured, webhook, now)
        if asked := matching_handshake(configured.source.handshakes, webhook, signed=True):
            reply = self._answer_signed(asked, configured, webhook, now)
            if reply:
                return reply
        return configured.source

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
            verify(source.scheme, webhook, secrets, now, self._sites())
        else:
            verify(source.scheme, webhook, secrets, now)

    def _answer_unsigned(
        self, asked: Handshake, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> Reply | None:
        """None when the request is no handshake after all, and has to be verified."""
        if asked.token:
            tokens = configured.handshake_secrets or configured.secrets
            if not shows_secret(asked, webhook, tokens):
                logger.warning("refused", extra={"reason": "a handshake shows another token"})
                return refusal(asked)
        reply = reply_to(asked, webhook, configured.secrets)
        if reply and asked.capture:
            return reply if self._capture(asked, configured, webhook, now) else None
        return reply

    def _capture(
        self, asked: Handshake, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> bool:
        """Keep the secret that arrives, once, and only while somebody is waiting for it."""
        source = configured.source
        until = source.registration_until
        secret = value(webhook, asked.capture)
        if until is None or now > until or configured.secrets or not _is_secret(secret):
            return False
        if not self._new_secrets.keep(source.secrets[0], secret):
            return False
        logger.warning("a secret was captured", extra={"parameter": source.secrets[0]})
        self._directory.renew(source.name)
        return True

    def _answer_signed(
        self, asked: Handshake, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> Reply | None:
        reply = reply_to(asked, webhook, self._used(configured, webhook, now))
        if reply and asked.confirm:
            url = value(webhook, asked.confirm)
            if not is_allowed_address(url, asked.allow):
                raise InvalidSignatureError("the address to confirm at is not allowed")
            self._sites().open(url)
            logger.info("confirmed")
        return reply

    def _used(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> tuple[str, ...]:
        """The secret that the sender used, since it keys the answer with the same."""
        for secret in configured.secrets[:-1]:
            try:
                self._verify(configured.source, webhook, (secret,), now)
            except InvalidSignatureError:
                continue
            return (secret,)
        return configured.secrets[-1:]


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


# Asana's have 64 characters, Notion's 50; a shorter one could be guessed.
_SHORTEST_SECRET = 20
_LONGEST_SECRET = 256


def _is_secret(text: str) -> bool:
    return (
        _SHORTEST_SECRET <= len(text) <= _LONGEST_SECRET
        and text.isascii()
        and text.isprintable()
        and " " not in text
    )
