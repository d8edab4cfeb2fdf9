"""Register webhook secrets: some providers send the secret in their first request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge.errors import InvalidSignatureError
from bridge.ports.process import NewSecrets
from bridge.sources.cache import SourceCache
from bridge.sources.configured import ConfiguredSource
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

# Rate limit per source for SSM lookups: the client is unauthenticated, and each registration
# costs up to five calls.
_INTERVAL = timedelta(minutes=1)
_MAX_LOOKUPS = 5


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A secret in a registration request, and the response if it is accepted."""

    handshake: Handshake
    secret: str = field(repr=False)
    reply: ProviderResponse = field(repr=False)


class Registration:
    """Stores the first secret that arrives during a source's registration period.

    Args:
        sources: finds and reloads sources.
        new_secrets: stores one secret per name, atomically across execution environments.
        check_access_rules: raises WebhookRejectedError if a request violates the source's rules.
    """

    def __init__(
        self,
        sources: SourceCache,
        new_secrets: NewSecrets,
        check_access_rules: Callable[[ConfiguredSource, Webhook], None],
    ) -> None:
        self._sources = sources
        self._new_secrets = new_secrets
        self._check_access_rules = check_access_rules
        self._lookups: dict[str, tuple[datetime, int]] = {}

    def respond(self, source_name: str, webhook: Webhook, now: datetime) -> ProviderResponse | None:
        """Respond to an unverified request that carries the secret itself.

        The stored secret gets the same response each time, since a provider may repeat its
        request. A different secret is rejected.

        Returns:
            None if the request carries no secret, or the source does not accept one.

        Raises:
            WebhookRejectedError: a different secret is stored, or an access rule that is not
                cached yet rejects the request.
            UnavailableError: SSM does not respond.
        """
        configured = self._sources.find(source_name)
        candidate = _candidate(configured.source, webhook)
        if candidate is None:
            return None
        if not _has_token(candidate, configured, webhook):
            return log_refusal(candidate.handshake)
        if not _is_stored(candidate, configured) and self._may_look_up(configured.source, now):
            configured = self._store_if_first(source_name, candidate, webhook, now)
        if _is_stored(candidate, configured):
            return candidate.reply
        if configured.secrets and _is_open(configured.source, now):
            # The template's RegistrationConflictFilter counts these lines.
            logger.error(
                "another secret arrived", extra={"parameter": configured.source.secrets[0]}
            )
            raise InvalidSignatureError("the request carries a secret other than the stored one")
        return None

    def _store_if_first(
        self, source_name: str, candidate: _Candidate, webhook: Webhook, now: datetime
    ) -> ConfiguredSource:
        """Store the secret if the source has none; return the source with its stored secret.

        A cached source may be a minute old, so access rules, handshakes and the end of the
        registration period are read again.
        """
        configured = self._read(source_name)
        source = configured.source
        self._check_access_rules(configured, webhook)
        if (
            configured.secrets
            or not _is_open(source, now)
            or _candidate(source, webhook) != candidate
            or not _has_token(candidate, configured, webhook)
        ):
            return configured
        if not self._new_secrets.keep(source.secrets[0], candidate.secret):
            return self._read(source_name)  # A concurrent request stored its secret first.
        logger.warning("secret stored", extra={"parameter": source.secrets[0]})
        return self._read(source_name)._replace(secrets=(candidate.secret,))

    def _read(self, source_name: str) -> ConfiguredSource:
        self._sources.renew(source_name, concurrently=True)
        return self._sources.find(source_name)

    def _may_look_up(self, source: Source, now: datetime) -> bool:
        """Whether the rate limit allows another SSM lookup for a source with a registration."""
        if source.registration_until is None:
            return False
        since, times = self._lookups.get(source.name, (now, 0))
        if now - since >= _INTERVAL:
            since, times = now, 0
        self._lookups[source.name] = (since, times + 1)
        return times < _MAX_LOOKUPS


def log_refusal(handshake: Handshake) -> ProviderResponse:
    """Log and return the response to a handshake whose token is wrong."""
    extra = {"status": handshake.refusal, "reason": "the token of the handshake is wrong"}
    logger.warning("refused", extra=extra)
    return refusal(handshake)


def _candidate(source: Source, webhook: Webhook) -> _Candidate | None:
    handshake = matching_handshake(source.handshakes, webhook, signed=False)
    if handshake is None or not handshake.capture:
        return None
    secret = value(webhook, handshake.capture)
    if not is_shared_secret(source.scheme, secret):
        return None
    reply = build_response(handshake, webhook, (secret,))
    return _Candidate(handshake, secret, reply) if reply else None


def _has_token(candidate: _Candidate, configured: ConfiguredSource, webhook: Webhook) -> bool:
    handshake = candidate.handshake
    tokens = configured.handshake_secrets or configured.secrets
    return not handshake.token or has_valid_token(handshake, webhook, tokens)


def _is_stored(candidate: _Candidate, configured: ConfiguredSource) -> bool:
    """Compare the secret with the stored ones in constant time."""
    return is_one_of(candidate.secret, [utf8(secret) for secret in configured.secrets])


def _is_open(source: Source, now: datetime) -> bool:
    until = source.registration_until
    return until is not None and now <= until and bool(source.secrets)
