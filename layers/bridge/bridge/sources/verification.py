"""Is it really them? One question, whatever the family."""

from collections.abc import Sequence
from datetime import datetime

from bridge.errors import InvalidSignatureError
from bridge.sources.mac import verify_mac
from bridge.sources.schemes import MacScheme, Scheme
from bridge.sources.token import verify_token
from bridge.webhook import Webhook


def verify(scheme: Scheme, webhook: Webhook, secrets: Sequence[str], now: datetime) -> None:
    """Return when the webhook is genuine.

    Args:
        scheme: how its sender proves itself.
        webhook: raw, as it arrived.
        secrets: texts as stored, newest first; any one of them may have been used.
        now: aware, in UTC.

    Raises:
        InvalidSignatureError: it is not; the only exception, whatever a stranger sends. The
            reason is for the log and holds no secret, signature or payload.
    """
    usable = [secret for secret in secrets if secret]
    if not usable:
        raise InvalidSignatureError("no secret is configured")
    if isinstance(scheme, MacScheme):
        verify_mac(scheme, webhook, usable, now)
    else:
        verify_token(scheme, webhook, usable)
