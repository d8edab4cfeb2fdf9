"""Respond to handshakes, and confirm subscriptions that require it."""

from collections.abc import Callable
from datetime import datetime

from bridge.errors import InvalidSignatureError, TooManyRequestsError, UnavailableError
from bridge.ports.process import NewSecrets, ProviderSites
from bridge.receiving.registration import Registration, log_refusal
from bridge.sources.cache import SourceCache
from bridge.sources.configured import ConfiguredSource
from bridge.sources.source import Source
from bridge.telemetry import logger
from bridge.verification.extractors import value
from bridge.verification.handshake_response import (
    build_response,
    has_valid_token,
    is_keyed,
    matching_handshake,
    meets_conditions,
    signs_content,
)
from bridge.verification.handshakes import Handshake
from bridge.verification.provider_response import ProviderResponse
from bridge.verification.published_keys import is_allowed_address
from bridge.verification.verify import verify
from bridge.webhook import Webhook


class HandshakeResponder:
    """Responds to handshakes.

    Args:
        sources, sites, new_secrets: see `Gate`.
        check_access_rules: see `Registration`.
    """

    def __init__(
        self,
        sources: SourceCache,
        sites: Callable[[], ProviderSites],
        new_secrets: NewSecrets,
        check_access_rules: Callable[[ConfiguredSource, Webhook], None],
    ) -> None:
        self._sites = sites
        self._registration = Registration(sources, new_secrets, check_access_rules)

    def respond_unsigned(
        self, configured: ConfiguredSource, webhook: Webhook
    ) -> ProviderResponse | None:
        """Respond to a handshake that the sender does not sign.

        The response does not depend on the secret, unless it is made with it: a provider may
        create the secret only after it has checked the URL.

        Returns:
            None if the request is not one and has to be verified. A request that carries a secret
            has to be verified as well, since it could be a webhook.

        Raises:
            InvalidSignatureError: the confirmation URL has expired.
            TooManyRequestsError: the confirmation URL cannot be opened now.
        """
        handshake = matching_handshake(configured.source.handshakes, webhook, signed=False)
        if handshake is None or handshake.capture:
            return None
        if configured.missing and (handshake.token or is_keyed(handshake)):
            return None
        if handshake.token:
            tokens = configured.handshake_secrets or configured.secrets
            if not has_valid_token(handshake, webhook, tokens):
                return log_refusal(handshake)
        reply = build_response(handshake, webhook, configured.secrets)
        if reply is None or not handshake.confirm:
            return reply
        if not is_allowed_address(value(webhook, handshake.confirm), handshake.allow):
            return None
        try:
            self._confirm(handshake, configured.source, webhook)
        except UnavailableError as exc:
            # The client is unauthenticated, so anyone can cause this: 429 instead of 503.
            raise TooManyRequestsError(str(exc)) from exc
        return reply

    def respond_unverified(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> ProviderResponse | None:
        """Respond to a request that the secret does not verify; None if it is no handshake.

        Raises:
            WebhookRejectedError, UnavailableError: see `Registration.respond`.
        """
        if reply := _respond_to_published_key(configured, webhook, now):
            return reply
        if configured.missing:
            return None
        # A request registers a secret only if it is not a verified webhook itself.
        return self._registration.respond(configured.source.name, webhook, now)

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
        source = configured.source
        if any(each.published_key in configured.secrets for each in source.handshakes) and (
            reply := _respond_to_published_key(configured, webhook, now)
        ):
            # Somebody stored the published key as the secret: it still proves nothing.
            return reply
        handshake = matching_handshake(source.handshakes, webhook, signed=True)
        if handshake is None:
            return None
        reply = build_response(handshake, webhook, _signing_secret(configured, webhook, now))
        if reply and handshake.confirm:
            self._confirm(handshake, source, webhook)
        return reply

    def _confirm(self, handshake: Handshake, source: Source, webhook: Webhook) -> None:
        url = value(webhook, handshake.confirm)
        if not is_allowed_address(url, handshake.allow):
            raise InvalidSignatureError("the confirmation URL is not allowed")
        self._sites().for_request(source.name, webhook.source_ip).open(url)
        logger.info("subscription confirmed")


def _respond_to_published_key(
    configured: ConfiguredSource, webhook: Webhook, now: datetime
) -> ProviderResponse | None:
    for handshake in configured.source.handshakes:
        if not handshake.published_key or not meets_conditions(handshake, webhook):
            continue
        try:
            verify(configured.source.scheme, webhook, (handshake.published_key,), now)
        except InvalidSignatureError:
            continue
        return build_response(handshake, webhook, ())
    return None


def _signing_secret(
    configured: ConfiguredSource, webhook: Webhook, now: datetime
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
