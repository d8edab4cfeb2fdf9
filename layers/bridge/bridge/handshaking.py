"""Answers to what senders ask, with what has to be done before: opening, or keeping a secret."""

from collections.abc import Callable
from datetime import datetime

from bridge.errors import InvalidSignatureError
from bridge.ports import NewSecrets, ProviderSites
from bridge.source_directory import ConfiguredSource, SourceDirectory
from bridge.sources.answering import matching_handshake, refusal, reply_to, shows_secret
from bridge.sources.handshake import Handshake
from bridge.sources.places import value
from bridge.sources.published_keys import is_allowed_address
from bridge.sources.reply import Reply
from bridge.sources.verification import verify
from bridge.telemetry import logger
from bridge.webhook import Webhook

# Asana's have 64 characters, Notion's 50; a shorter one could be guessed.
_SHORTEST_SECRET = 20
_LONGEST_SECRET = 256


class Handshaking:
    """Answers handshakes; see `Gate` for its parts."""

    def __init__(
        self,
        directory: SourceDirectory,
        sites: Callable[[], ProviderSites],
        new_secrets: NewSecrets,
    ) -> None:
        self._directory = directory
        self._sites = sites
        self._new_secrets = new_secrets

    def unsigned(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> Reply | None:
        """The answer to a question that the sender does not sign.

        None when the request is no such question, and has to be verified.
        """
        asked = matching_handshake(configured.source.handshakes, webhook, signed=False)
        if asked is None:
            return None
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

    def signed(self, configured: ConfiguredSource, webhook: Webhook, now: datetime) -> Reply | None:
        """The answer to a question whose signature holds; None when it is a webhook.

        Raises:
            InvalidSignatureError: it names an address that is not the sender's.
            TooManyRequestsError: that address does not open now.
            UnavailableError: its site does not answer.
        """
        asked = matching_handshake(configured.source.handshakes, webhook, signed=True)
        if asked is None:
            return None
        reply = reply_to(asked, webhook, self._used(configured, webhook, now))
        if reply and asked.confirm:
            url = value(webhook, asked.confirm)
            if not is_allowed_address(url, asked.allow):
                raise InvalidSignatureError("the address to confirm at is not allowed")
            self._sites().asked_by(configured.source.name, webhook.source_ip).open(url)
            logger.info("confirmed")
        return reply

    def _used(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> tuple[str, ...]:
        """The secret that the sender used, since it keys the answer with the same."""
        if configured.source.scheme.family != "mac":
            return configured.secrets
        for secret in configured.secrets[:-1]:
            try:
                verify(configured.source.scheme, webhook, (secret,), now)
            except InvalidSignatureError:
                continue
            return (secret,)
        return configured.secrets[-1:]


def _is_secret(text: str) -> bool:
    return (
        _SHORTEST_SECRET <= len(text) <= _LONGEST_SECRET
        and text.isascii()
        and text.isprintable()
        and " " not in text
    )
