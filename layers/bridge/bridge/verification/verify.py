"""Verify webhooks by the scheme of their source."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.bodies.body_content import MAX_BODY_BYTES
from bridge.errors import InvalidSignatureError, WebhookRejectedError
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
    """Verify a webhook and return its signed content; empty for schemes that sign none.

    Args:
        scheme: of the source.
        webhook: the request as received.
        secrets: stored texts, newest first; the sender may use any of them.
        now: aware, in UTC.
        published: keys that the provider publishes.

    Raises:
        InvalidSignatureError: the webhook is not genuine. The message is for the log and holds
            no secret, signature or payload. No other exception depends on the request alone.
        TooManyRequestsError, UnavailableError: a published key cannot be fetched now.
    """
    usable = [secret for secret in secrets if secret]
    if not usable and needs_secrets(scheme):
        raise InvalidSignatureError("no secret is configured")
    if scheme.family in {"mac", "pk"} and scheme.uncompressed_body:
        webhook = _uncompressed(webhook)
    match scheme.family:
        case "mac":
            return verify_mac(scheme, webhook, usable, now)
        case "token":
            verify_token(scheme, webhook, usable)
        # Import the libraries of a family only for its sources.
        case "pk":
            from bridge.verification.public_key import verify_public_key  # noqa: PLC0415 (few sources have public keys)

            return verify_public_key(scheme, webhook, usable, now, published)
        case "jwt":
            from bridge.verification.jwt import verify_jwt  # noqa: PLC0415 (few sources have tokens)

            return verify_jwt(scheme, webhook, usable, now, published)
        case "iam":
            raise InvalidSignatureError("this source receives events only through its queue")
        case "none":
            pass
        case unknown:
            raise InvalidSignatureError(f"unknown scheme family {unknown}")
    return b""


def _uncompressed(webhook: Webhook) -> Webhook:
    """The webhook as it was before it was compressed. Raises InvalidSignatureError."""
    from bridge.bodies.content_coding import decompressed  # noqa: PLC0415 (few providers compress)

    coding = webhook.headers.get("content-encoding", "")
    try:
        return webhook._replace(body=decompressed(webhook.body, coding, MAX_BODY_BYTES))
    except WebhookRejectedError as exc:
        raise InvalidSignatureError(str(exc)) from None


def needs_secrets(scheme: "Scheme") -> bool:
    """Whether verification requires a stored secret or key."""
    match scheme.family:
        case "pk":
            return scheme.address is None
        case "jwt":
            return not scheme.jwks_url or bool(scheme.jwks_request)
        case family:
            return family not in {"none", "iam"}
