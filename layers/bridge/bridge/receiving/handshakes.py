"""Respond to handshakes, and confirm subscriptions that require it."""

from collections.abc import Callable
from datetime import datetime

from bridge.errors import InvalidSignatureError
from bridge.ports.process import NewSecrets, ProviderSites
from bridge.receiving.registration import Registration, log_refusal
from bridge.sources.configured import ConfiguredSource
from bridge.sources.directory import SourceDirectory
from bridge.sources.source import Source
from bridge.telemetry import logger
from bridge.verification.extractors import value
from bridge.verification.handshake_response import (
    build_response,
    has_valid_token,
    matching_handshake,
    signs_content,
)
from bridge.verification.provider_response import ProviderResponse
from bridge.verification.published_keys import is_allowed_address
from bridge.verification.verify import verify
from bridge.webhook import Webhook


class HandshakeResponder:
    """Responds to handshakes.

    Args:
        directory, sites, new_secrets: see `Gate`.
        check_access_rules: see `Registration`.
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

    def respond_unsigned(
        self, configured: ConfiguredSource, webhook: Webhook
    ) -> ProviderResponse | None:
        """Respond to a handshake that the sender does not sign.

        Returns:
            None if the request is not one and has to be verified. A request that carries a secret
            has to be verified as well, since it could be a webhook.
        """
        handshake = matching_handshake(configured.source.handshakes, webhook, signed=False)
        if handshake is None or handshake.capture:
            return None
        if handshake.token:
            tokens = configured.handshake_secrets or configured.secrets
            if not has_valid_token(handshake, webhook, tokens):
                return log_refusal(handshake)
        return build_response(handshake, webhook, configured.secrets)

    @staticmethod
    def check_not_signable(source: Source, signed: bytes) -> None:
        """Reject a webhook whose signature a handshake response could have disclosed.

        Raises:
            InvalidSignatureError: a handshake of the source signs the same content.
        """
        if any(signs_content(each, signed) for each in source.handshakes):
            raise InvalidSignatureError("a handshake would sign the same content")

    def respond_signed(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> ProviderResponse | None:
        """Respond to a handshake whose signature is verified; None if it is a webhook.

        Raises:
            InvalidSignatureError: the confirmation URL is not the provider's.
            TooManyRequestsError: the confirmation URL cannot be opened now.
            UnavailableError: the provider's site does not respond.
        """
        handshake = matching_handshake(configured.source.handshakes, webhook, signed=True)
        if handshake is None:
            return None
        reply = build_response(handshake, webhook, self._signing_secret(configured, webhook, now))
        if reply and handshake.confirm:
            url = value(webhook, handshake.confirm)
            if not is_allowed_address(url, handshake.allow):
                raise InvalidSignatureError("the confirmation URL is not allowed")
            self._sites().for_request(configured.source.name, webhook.source_ip).open(url)
            logger.info("subscription confirmed")
        return reply

    def _signing_secret(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> tuple[str, ...]:
        """Return the secret that the sender used: the response is signed with the same one."""
        if configured.source.scheme.family != "mac":
            return configured.secrets
        for secret in configured.secrets[:-1]:
            try:
                verify(configured.source.scheme, webhook, (secret,), now)
            except InvalidSignatureError:
                continue
            return (secret,)
        return configured.secrets[-1:]
