"""Registrations: some providers bring the secret of all further requests with their first one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bridge.errors import InvalidSignatureError
from bridge.ports.process import NewSecrets
from bridge.sources.directory import ConfiguredSource, SourceDirectory
from bridge.sources.source import Source
from bridge.telemetry import logger
from bridge.verification.encodings import utf8
from bridge.verification.extractors import value
from bridge.verification.handshake_response import (
    build_response,
    has_valid_token,
    matching_handshake,
    refusal,
)
from bridge.verification.handshakes import Handshake
from bridge.verification.provider_response import ProviderResponse
from bridge.verification.registration_secret import is_shared_secret
from bridge.verification.token import is_one_of
from bridge.webhook import Webhook

# How often SSM is asked about one source because of such requests: nothing proves who sends
# them, and each costs up to five calls.
_INTERVAL = timedelta(minutes=1)
_MOST_LOOKS = 5


@dataclass(frozen=True, slots=True)
class _Brought:
    """What a request brings: a secret, and the answer to whoever may bring it."""

    asked: Handshake
    secret: str = field(repr=False)
    reply: ProviderResponse = field(repr=False)


class Registration:
    """Keeps the first secret that arrives while a source waits for one.

    Args:
        directory: finds sources, and reads them again.
        new_secrets: keeps one secret under a name, whichever container is first.
        check_locks: raises WebhookRejectedError unless a request passes a source's locks.
    """

    def __init__(
        self,
        directory: SourceDirectory,
        new_secrets: NewSecrets,
        check_access_rules: Callable[[ConfiguredSource, Webhook], None],
    ) -> None:
        self._directory = directory
        self._new_secrets = new_secrets
        self._check_access_rules = check_access_rules
        self._looks: dict[str, tuple[datetime, int]] = {}

    def answer(self, source_name: str, webhook: Webhook, now: datetime) -> ProviderResponse | None:
        """The answer to a request that is not verified, and brings the secret itself.

        The secret that is kept gets the same answer each time, since a provider may repeat its
        request; another one is refused.

        Returns:
            None when the request brings no secret, or the source does not wait for one.

        Raises:
            WebhookRejectedError: another secret is kept, or a lock that is new refuses it.
            UnavailableError: SSM does not answer.
        """
        configured = self._directory.find(source_name)
        brought = _brought(configured.source, webhook)
        if brought is None:
            return None
        if not _shows_token(brought, configured, webhook):
            logger.warning(
                "refused",
                extra={
                    "status": brought.asked.refusal,
                    "reason": "a handshake shows another token",
                },
            )
            return refusal(brought.asked)
        if not _is_kept(brought, configured) and self._may_look(configured.source, now):
            configured = self._capture(source_name, brought, webhook, now)
        if _is_kept(brought, configured):
            return brought.reply
        if configured.secrets and _is_open(configured.source, now):
            # The template's RegistrationConflictFilter counts these lines.
            logger.error(
                "another secret arrived", extra={"parameter": configured.source.secrets[0]}
            )
            raise InvalidSignatureError("it brings another secret than the one that is kept")
        return None

    def _capture(
        self, source_name: str, brought: _Brought, webhook: Webhook, now: datetime
    ) -> ConfiguredSource:
        """The source as SSM has it now, with the secret that was brought if it is the first.

        What a container remembers may be a minute old, so that locks, handshakes and the end of
        the registration are read again.
        """
        configured = self._read(source_name)
        source = configured.source
        self._check_access_rules(configured, webhook)
        if (
            configured.secrets
            or not _is_open(source, now)
            or _brought(source, webhook) != brought
            or not _shows_token(brought, configured, webhook)
        ):
            return configured
        if not self._new_secrets.keep(source.secrets[0], brought.secret):
            return self._read(source_name)  # Another request was faster.
        logger.warning("a secret was captured", extra={"parameter": source.secrets[0]})
        return replace(self._read(source_name), secrets=(brought.secret,))

    def _read(self, source_name: str) -> ConfiguredSource:
        self._directory.renew(source_name, concurrently=True)
        return self._directory.find(source_name)

    def _may_look(self, source: Source, now: datetime) -> bool:
        """Whether SSM may be asked once more about a source with a registration."""
        if source.registration_until is None:
            return False
        since, times = self._looks.get(source.name, (now, 0))
        if now - since >= _INTERVAL:
            since, times = now, 0
        self._looks[source.name] = (since, times + 1)
        return times < _MOST_LOOKS


def _brought(source: Source, webhook: Webhook) -> _Brought | None:
    asked = matching_handshake(source.handshakes, webhook, signed=False)
    if asked is None or not asked.capture:
        return None
    secret = value(webhook, asked.capture)
    if not is_shared_secret(source.scheme, secret):
        return None
    reply = build_response(asked, webhook, (secret,))
    return _Brought(asked, secret, reply) if reply else None


def _shows_token(brought: _Brought, configured: ConfiguredSource, webhook: Webhook) -> bool:
    tokens = configured.handshake_secrets or configured.secrets
    return not brought.asked.token or has_valid_token(brought.asked, webhook, tokens)


def _is_kept(brought: _Brought, configured: ConfiguredSource) -> bool:
    """Whether the bridge has that secret already, in a time that does not tell how near it is."""
    return is_one_of(brought.secret, [utf8(secret) for secret in configured.secrets])


def _is_open(source: Source, now: datetime) -> bool:
    until = source.registration_until
    return until is not None and now <= until and bool(source.secrets)
