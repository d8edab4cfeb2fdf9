"""A kept webhook as it may be shown: redacted by today's `Privacy`, without credentials.

Also what was stored before `Privacy` was set or changed.
"""

from collections.abc import Mapping
from copy import replace
from typing import Any

from bridge.delivery.delivery import Delivery
from bridge.errors import WebhookRejectedError
from bridge.messages.body_parsing import read_content
from bridge.messages.documents import document_of, redacted
from bridge.sources.route import NO_PRIVACY
from bridge.sources.source import Source
from bridge.strict_json import write_json
from inlet_bridge.inspector.redaction.credentials import MASKED, is_secret, secret_paths
from inlet_bridge.operations.errors import OperationError


class HiddenBodyError(OperationError):
    """A body cannot be redacted, so nothing of it may be shown."""


def without_credentials(source: Source) -> Source:
    """The source, which also masks the token or the signature in its bodies."""
    if not (paths := secret_paths(source.scheme)):
        return source
    return replace(source, privacy=replace(source.privacy, mask=(*source.privacy.mask, *paths)))


def visible_webhook(source: Source, webhook: Delivery) -> Delivery:
    """The webhook with a body that may be shown. Raises HiddenBodyError.

    Args:
        source: as it is deployed, from `without_credentials`.
        webhook: as it is kept.
    """
    is_redacting = source.privacy != NO_PRIVACY or not source.coverage.forwards_body
    if not is_redacting:
        return webhook
    try:
        # What was stored as a document is not redacted again by the bridge.
        document: Any = (
            redacted(source, read_content(webhook.body, "json"))
            if webhook.kind == "document"
            else document_of(source, webhook)
        )
    except (WebhookRejectedError, ValueError, RecursionError) as exc:
        reason = str(exc) if isinstance(exc, WebhookRejectedError) else type(exc).__name__
        raise HiddenBodyError(
            f"the body cannot be read, so Privacy cannot be applied to it: {reason}"
        ) from None
    body = write_json(document)
    return webhook._replace(body=body, kind="document", content_type="", content_encoding="")


def masked_values(values: Mapping[str, Any], source: Source) -> dict[str, Any]:
    """Headers or query parameters, with `***` for those that authenticate a sender."""
    return {
        name: MASKED if is_secret(name, source.scheme) else value for name, value in values.items()
    }
