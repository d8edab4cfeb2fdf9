"""Answers to what senders ask, with what has to be done before, such as opening an address."""

from collections.abc import Callable
from datetime import datetime

from bridge.errors import InvalidSignatureError
from bridge.ports.process import NewSecrets, ProviderSites
from bridge.receiving.registration import Registration
from bridge.sources.directory import ConfiguredSource, SourceDirectory
from bridge.sources.source import Source
from bridge.telemetry import logger
from bridge.verification.extractors import value
from bridge.verification.handshake_response import (
    build_response,
    has_valid_token,
    matching_handshake,
    refusal,
    signs_content,
)
from bridge.verification.provider_response import ProviderResponse
from bridge.verification.published_keys import is_allowed_address
from bridge.verification.verify import verify
from bridge.webhook import Webhook


class HandshakeResponder:
    """Answers handshakes.

    Args:
        directory, sites, new_secrets: see `Gate`.
        check_locks: see `Registration`.
    """

    def __init__(
        self,
        directory: SourceDirectory,
        sites: Callable[[], ProviderSites],
        new_secrets: NewSecrets,
        check_access_rules: Callable[[ConfiguredSource, Webhook], None],
    ) -> None:
        self._sites = sites
        self.registration = Registration(directory, new_secrets, check_access_rules)

    def unsigned(self, configured: ConfiguredSource, webhook: Webhook) -> ProviderResponse | None:
        """The answer to a question that the sender does not sign.

        None when the request is no such question, and has to be verified. A request that brings
        a secret is one of these: it could be a webhook, which must not be answered only.
        """
        asked = matching_handshake(configured.source.handshakes, webhook, signed=False)
        if asked is None or asked.capture:
            return None
        if asked.token:
            tokens = configured.handshake_secrets or configured.secrets
            if not has_valid_token(asked, webhook, tokens):
                logger.warning(
                    "refused",
                    extra={"status": asked.refusal, "reason": "a handshake shows another token"},
                )
                return refusal(asked)
        return build_response(asked, webhook, configured.secrets)

    @staticmethod
    def check_not_answered(source: Source, signed: bytes) -> None:
        """Refuse a webhook whose signature an answer to a handshake may have given away.

        Raises:
            InvalidSignatureError: a handshake of the source signs what the webhook's proof signs.
        """
        if any(signs_content(each, signed) for each in source.handshakes):
            raise InvalidSignatureError("a handshake would sign the same content")

    def signed(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> ProviderResponse | None:
        """The answer to a question whose signature holds; None when it is a webhook.

        Raises:
            InvalidSignatureError: it names an address that is not the sender's.
            TooManyRequestsError: that address does not open now.
            UnavailableError: its site does not answer.
        """
        asked = matching_handshake(configured.source.handshakes, webhook, signed=True)
        if asked is None:
            return None
        reply = build_response(asked, webhook, self._used(configured, webhook, now))
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
