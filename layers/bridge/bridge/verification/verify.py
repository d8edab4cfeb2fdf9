"""Is it really them? One question, whatever the family."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.errors import InvalidSignatureError
from bridge.verification.mac import verify_mac
from bridge.verification.published_keys import NoPublishedKeys, PublishedKeys
from bridge.verification.token import verify_token
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.verification.schemes import Scheme

_NOTHING_PUBLISHED = NoPublishedKeys()


def verify(
    scheme: "Scheme",
    webhook: Webhook,
    secrets: Sequence[str],
    now: datetime,
    published: PublishedKeys = _NOTHING_PUBLISHED,
) -> bytes:
    """Return what was signed when the webhook is genuine; empty where no part of it is.

    Args:
        scheme: how its sender proves itself.
        webhook: raw, as it arrived.
        secrets: texts as stored, newest first; any one of them may have been used.
        now: aware, in UTC.
        published: keys that the provider publishes.

    Raises:
        InvalidSignatureError: it is not; the only exception that a stranger can bring about. The
            reason is for the log and holds no secret, signature or payload.
        TooManyRequestsError, UnavailableError: a published key cannot be fetched now.
    """
    usable = [secret for secret in secrets if secret]
    if not usable and needs_secrets(scheme):
        raise InvalidSignatureError("no secret is configured")
    match scheme.family:
        case "mac":
            return verify_mac(scheme, webhook, usable, now)
        case "token":
            verify_token(scheme, webhook, usable)
        # A library that one family needs is not loaded for the senders of another.
        case "pk":
            from bridge.verification.public_key import verify_public_key  # noqa: PLC0415

            return verify_public_key(scheme, webhook, usable, now, published)
        case "jwt":
            from bridge.verification.jwt import verify_jwt  # noqa: PLC0415

            return verify_jwt(scheme, webhook, usable, now, published)
        case "iam":
            raise InvalidSignatureError("events of this source come through a queue")
        case "none":
            pass
        case unknown:
            raise InvalidSignatureError(f"nobody verifies the family {unknown}")
    return b""


def needs_secrets(scheme: "Scheme") -> bool:
    """Whether nobody can be verified without a stored secret or key."""
    match scheme.family:
        case "pk":
            return scheme.address is None
        case "jwt":
            return not scheme.jwks_url or bool(scheme.jwks_request)
        case family:
            return family not in {"none", "iam"}
