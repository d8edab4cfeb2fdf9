"""Verify requests: access rules, handshakes, signatures and their age."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bridge.bodies.body_content import MAX_BODY_BYTES
from bridge.errors import InvalidSignatureError, TooManyRequestsError, UnavailableError
from bridge.ports.process import NewSecrets, ProviderSites
from bridge.sources.cache import SourceCache
from bridge.sources.configured import ConfiguredSource
from bridge.sources.source import Source
from bridge.telemetry import logger
from bridge.verification.access_rules import (
    check_access,
    check_content_size,
    check_size,
)
from bridge.verification.provider_response import ProviderResponse
from bridge.verification.signature_age import check_age
from bridge.verification.verify import verify
from bridge.webhook import Webhook, with_charset

if TYPE_CHECKING:
    from bridge.receiving.handshakes import HandshakeResponder
    from bridge.verification.refusal import Refusal


class VerifiedRequest(NamedTuple):
    """A verified webhook.

    Attributes:
        webhook: with the public URL that the sender called.
        signed: the signed content, if it is not the whole body; empty otherwise.
    """

    configured: ConfiguredSource
    webhook: Webhook
    signed: bytes = b""


class Gate:
    """Verifies the webhooks of configured sources and responds to their handshakes.

    Args:
        sources: finds them by name.
        sites: creates the client for provider sites on first use; most sources need none.
        new_secrets: stores a secret that arrives in a handshake.
        records: how long delivery records are kept. A webhook with an older signed timestamp is
            rejected, because it could no longer be recognized as a duplicate.
    """

    def __init__(
        self,
        sources: SourceCache,
        sites: Callable[[], ProviderSites],
        new_secrets: NewSecrets,
        records: timedelta,
    ) -> None:
        self._sources = sources
        self._sites = sites
        self._new_secrets = new_secrets
        self._records = records

    def verify(
        self, source_name: str, webhook: Webhook, now: datetime
    ) -> VerifiedRequest | ProviderResponse:
        """Verify a webhook, or respond to a handshake.

        Raises:
            WebhookRejectedError: the request is invalid.
            UnavailableError: the request cannot be verified now; the sender must retry.
        """
        check_size(webhook, MAX_BODY_BYTES)  # Before the body is parsed.
        configured = self._sources.find(source_name)
        _check_access_rules(configured, webhook)
        if public_url := configured.source.public_url:
            webhook = webhook._replace(url=public_request_url(public_url, webhook))
        handshakes = self._handshakes if configured.source.handshakes else None
        if handshakes and (reply := handshakes.respond_unsigned(configured, webhook)):
            return reply
        try:
            _check_secrets(configured)
            configured, signed = self._verify_or_reload(configured, webhook, now)
        except (InvalidSignatureError, UnavailableError) as exc:
            if handshakes and (reply := handshakes.respond_unverified(configured, webhook, now)):
                return reply
            if isinstance(exc, InvalidSignatureError):
                _check_first_fault(configured.source, webhook)
            raise
        source = configured.source
        check_age(source.scheme, webhook, now, self._records)
        if handshakes:
            handshakes.check_not_signable(source, signed)
            if reply := handshakes.respond_signed(configured, webhook, now):
                return reply
        if source.charset:
            webhook = webhook._replace(headers=with_charset(webhook.headers, source.charset))
        if (limit := source.access_rules.max_body_bytes) is not None:
            check_content_size(webhook, limit)
        return VerifiedRequest(configured, webhook, b"" if source.coverage.body else signed)

    def refusal_form(self, source_name: str) -> "Refusal | None":
        """The form of the source's refusals, if it was read and has one; never raises."""
        known = self._sources.known(source_name)
        return known.source.refusal if known else None

    @cached_property
    def _handshakes(self) -> "HandshakeResponder":
        """Imported on first use: most sources have no handshakes."""
        from bridge.receiving.handshakes import HandshakeResponder  # noqa: PLC0415 (few requests are handshakes)

        return HandshakeResponder(
            self._sources, self._sites, self._new_secrets, _check_access_rules_and_secrets
        )

    def _verify_or_reload(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> tuple[ConfiguredSource, bytes]:
        """Verify the signature; if it is invalid, reload the source and verify it once more.

        Returns:
            The source that verified the webhook, and the signed content.
        """
        source = configured.source
        try:
            return configured, self._verify_signature(source, webhook, configured.secrets, now)
        except InvalidSignatureError:
            reloaded = self._reload(source.name)
            if reloaded is None and _awaits_secret(configured, now):
                raise UnavailableError(f"source {source.name} has no secret yet") from None
            if reloaded is None:
                raise
            signed = self._verify_signature(reloaded.source, webhook, reloaded.secrets, now)
            return reloaded, signed

    def _reload(self, name: str) -> ConfiguredSource | None:
        """Return the source if it changed; None if it did not, or cannot be read.

        An unauthenticated request must not cause a 503 response.
        """
        try:
            return self._sources.renew(name)
        except UnavailableError as exc:
            logger.warning("source was not reloaded", extra={"reason": str(exc)})
            return None

    def _verify_signature(
        self, source: Source, webhook: Webhook, secrets: tuple[str, ...], now: datetime
    ) -> bytes:
        if source.scheme.family in {"pk", "jwt"}:
            sites = self._sites().for_request(source.name, webhook.source_ip)
            try:
                return verify(source.scheme, webhook, secrets, now, sites)
            except UnavailableError as exc:
                # The client is unauthenticated, so anyone can cause this: 429 instead of 503.
                raise TooManyRequestsError(str(exc)) from exc
        return verify(source.scheme, webhook, secrets, now)


def public_request_url(public_url: str, webhook: Webhook) -> str:
    """Return the configured public URL with the request's path token and query."""
    base = public_url.partition("?")[0]
    if webhook.path_token and not base.endswith(f"/{webhook.path_token}"):
        base = f"{base}/{webhook.path_token}"
    query = webhook.url.partition("?")[2]
    return f"{base}?{query}" if query else base


def _check_access_rules(configured: ConfiguredSource, webhook: Webhook) -> None:
    rules = configured.source.access_rules
    methods = rules.allowed_methods
    if methods:
        methods = (*methods, *_methods_of_handshakes(configured.source))
    check_access(
        webhook,
        path_tokens=configured.path_tokens,
        cidrs=rules.allowed_cidrs,
        methods=methods,
        max_bytes=rules.max_body_bytes,
    )


def _methods_of_handshakes(source: Source) -> Iterator[str]:
    conditions = (when for each in source.handshakes for when in each.when)
    return (when.removeprefix("method=") for when in conditions if "method=" in when)


def _check_first_fault(source: Source, webhook: Webhook) -> None:
    """Name a fault that comes before that of the signature. Raises InvalidSignatureError."""
    from bridge.verification.refusal_reason import first_fault  # noqa: PLC0415 (few requests are refused)

    methods = {*source.access_rules.allowed_methods, *_methods_of_handshakes(source)}
    if fault := first_fault(source.scheme, webhook, methods):
        raise InvalidSignatureError(fault) from None


def _check_secrets(configured: ConfiguredSource) -> None:
    """Check that no secret is missing, after the access rules.

    Only a client that passes them may learn that the source exists and is misconfigured.
    """
    if configured.missing:
        raise UnavailableError(
            f"source {configured.source.name} has no secret at {', '.join(configured.missing)}"
        )
    if configured.unreadable and not configured.secrets:
        raise UnavailableError(
            f"source {configured.source.name} cannot read its secret at "
            f"{', '.join(configured.unreadable)}"
        )


def _check_access_rules_and_secrets(configured: ConfiguredSource, webhook: Webhook) -> None:
    _check_access_rules(configured, webhook)
    _check_secrets(configured)


def _awaits_secret(configured: ConfiguredSource, now: datetime) -> bool:
    until = configured.source.registration_until
    return until is not None and now <= until and not configured.secrets
