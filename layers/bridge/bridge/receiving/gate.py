"""Who gets in: locks, handshakes and verification of one request."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from bridge.errors import InvalidSignatureError, TooManyRequestsError, UnavailableError
from bridge.ports.process import NewSecrets, ProviderSites
from bridge.sources.directory import ConfiguredSource, SourceDirectory
from bridge.sources.source import Source
from bridge.telemetry import logger
from bridge.verification.access_rules import (
    MAX_BODY_BYTES,
    check_method,
    check_path_token,
    check_size,
    check_source_ip,
)
from bridge.verification.provider_response import ProviderResponse
from bridge.verification.signature_age import check_age
from bridge.verification.verify import verify
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.receiving.handshakes import HandshakeResponder


@dataclass(frozen=True, slots=True)
class AcceptedRequest:
    """A webhook that is genuine.

    Attributes:
        webhook: with the URL that its sender called.
        signed: what the proof covers, where that is not the whole body; empty otherwise.
    """

    configured: ConfiguredSource
    webhook: Webhook
    signed: bytes = field(default=b"", repr=False)


class Gate:
    """Lets the webhooks of configured senders in, and answers their handshakes.

    Args:
        directory: finds sources.
        sites: makes the providers' sites on first use; most senders need none.
        new_secrets: keeps a secret that arrives with a handshake.
        records: how long deliveries are remembered: no signed time may be older, or a webhook
            whose record is gone would be taken on once more.
    """

    def __init__(
        self,
        directory: SourceDirectory,
        sites: Callable[[], ProviderSites],
        new_secrets: NewSecrets,
        records: timedelta,
    ) -> None:
        self._directory = directory
        self._sites = sites
        self._new_secrets = new_secrets
        self._records = records

    def admit(
        self, source_name: str, webhook: Webhook, now: datetime
    ) -> AcceptedRequest | ProviderResponse:
        """A webhook that is genuine, or the answer to a handshake.

        Raises:
            WebhookRejectedError: the request is at fault.
            UnavailableError: it is not; the sender has to try again.
        """
        check_size(webhook, MAX_BODY_BYTES)  # Before anything of it is read.
        configured = self._directory.find(source_name)
        _check_access_rules(configured, webhook)
        if public_url := configured.source.public_url:
            webhook = replace(webhook, url=public_request_url(public_url, webhook))
        handshake_responder = self._handshaking if configured.source.handshakes else None
        if handshake_responder and (reply := handshake_responder.unsigned(configured, webhook)):
            return reply
        try:
            configured, signed = self._verified(configured, webhook, now)
        except (InvalidSignatureError, UnavailableError):
            # Only what is no genuine webhook may bring the secret of those that follow.
            registration = handshake_responder.registration if handshake_responder else None
            if registration and (reply := registration.answer(source_name, webhook, now)):
                return reply
            raise
        source = configured.source
        check_age(source.scheme, webhook, now, self._records)
        if handshake_responder:
            handshake_responder.check_not_answered(source, signed)
            if reply := handshake_responder.signed(configured, webhook, now):
                return reply
        return AcceptedRequest(configured, webhook, b"" if source.coverage.body else signed)

    @cached_property
    def _handshaking(self) -> "HandshakeResponder":
        """Most senders ask nothing, so what answers is loaded for the others only."""
        from bridge.receiving.handshakes import HandshakeResponder  # noqa: PLC0415

        return HandshakeResponder(
            self._directory, self._sites, self._new_secrets, _check_access_rules
        )

    def _verified(
        self, configured: ConfiguredSource, webhook: Webhook, now: datetime
    ) -> tuple[ConfiguredSource, bytes]:
        """The source with secrets of which one was used, read again where none was."""
        source = configured.source
        try:
            return configured, self._verify(source, webhook, configured.secrets, now)
        except InvalidSignatureError:
            renewed = self._renewed(source.name)
            if renewed is None and self._awaits_secret(configured, now):
                raise UnavailableError(f"source {source.name} waits for its secret") from None
            if renewed is None:
                raise
            return renewed, self._verify(renewed.source, webhook, renewed.secrets, now)

    @staticmethod
    def _awaits_secret(configured: ConfiguredSource, now: datetime) -> bool:
        until = configured.source.registration_until
        return until is not None and now <= until and not configured.secrets

    def _renewed(self, name: str) -> ConfiguredSource | None:
        """The source if it has changed; None, too, when it cannot be read.

        A request that proves nothing must not be able to bring a 503 about.
        """
        try:
            return self._directory.renew(name)
        except UnavailableError as exc:
            logger.warning("the source was not read again", extra={"reason": str(exc)})
            return None

    def _verify(
        self, source: Source, webhook: Webhook, secrets: tuple[str, ...], now: datetime
    ) -> bytes:
        if source.scheme.family in {"pk", "jwt"}:
            sites = self._sites().asked_by(source.name, webhook.source_ip)
            try:
                return verify(source.scheme, webhook, secrets, now, sites)
            except UnavailableError as exc:
                # The sender is not proven, so any client can bring this about.
                raise TooManyRequestsError(str(exc)) from exc
        return verify(source.scheme, webhook, secrets, now)


def public_request_url(public_url: str, webhook: Webhook) -> str:
    """The URL as the sender was told, with the query that it sent."""
    base = public_url.partition("?")[0]
    if webhook.path_token and not base.endswith(f"/{webhook.path_token}"):
        base = f"{base}/{webhook.path_token}"
    query = webhook.url.partition("?")[2]
    return f"{base}?{query}" if query else base


def _check_access_rules(configured: ConfiguredSource, webhook: Webhook) -> None:
    access_rules = configured.source.access_rules
    check_path_token(webhook, configured.path_tokens)
    if configured.missing:
        # Only whoever knows the whole path may see that the source exists, and is broken.
        raise UnavailableError(
            f"source {configured.source.name} has no secret at {', '.join(configured.missing)}"
        )
    check_source_ip(webhook, access_rules.allowed_cidrs)
    if access_rules.allowed_methods:
        asking = (place for each in configured.source.handshakes for place in each.when)
        methods = [place.removeprefix("method=") for place in asking if "method=" in place]
        check_method(webhook, [*access_rules.allowed_methods, *methods])
    check_size(webhook, access_rules.max_body_bytes)
