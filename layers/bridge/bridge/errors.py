"""The errors of the bridge, split by who can mend them.

BridgeError
 ├─ WebhookRejectedError          the request is at fault; `status` is the answer
 │   ├─ InvalidSignatureError     401
 │   ├─ UnknownSourceError        404
 │   ├─ BodyTooLargeError         413
 │   ├─ UnsupportedBodyError      415
 │   └─ TooManyRequestsError      429; the same request may be accepted later
 ├─ UnavailableError              something we depend on; the sender tries again (503)
 ├─ MappingError                  a webhook does not fit its route; a dead letter says how
 ├─ InvalidPropertyError          whoever wrote the template; names the property
 └─ AdobeError                    Adobe refused or failed; `retryable` says which

Messages state facts. No message holds a secret, a token, a signature or a payload.
"""

from http import HTTPStatus
from typing import ClassVar


class BridgeError(Exception):
    """Anything that the bridge itself raises."""


class WebhookRejectedError(BridgeError):
    """The request cannot be taken as it is; only after a 429 may sending it again help."""

    status: ClassVar[HTTPStatus]


class InvalidSignatureError(WebhookRejectedError):
    """The request does not prove that its sender is who they claim to be.

    The message is for the log only: a stranger is never told why.
    """

    status = HTTPStatus.UNAUTHORIZED


class UnknownSourceError(WebhookRejectedError):
    """No source of this name is configured."""

    status = HTTPStatus.NOT_FOUND


class BodyTooLargeError(WebhookRejectedError):
    """The message would be larger than the inlet takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedBodyError(WebhookRejectedError):
    """The body cannot become a message of the flow's data type."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class TooManyRequestsError(WebhookRejectedError):
    """The request cannot be checked now, and its sender is not proven yet.

    The check needs something from a provider's site, and the limit on such requests is reached or
    the site does not answer. An unauthenticated client can cause that, so it is no server error;
    senders retry 429 as they retry 503.
    """

    status = HTTPStatus.TOO_MANY_REQUESTS


class UnavailableError(BridgeError):
    """A service or a setting that the bridge depends on does not answer as it should."""


class MappingError(BridgeError):
    """A webhook cannot become the message that its route wants; names the place."""


class InvalidPropertyError(BridgeError):
    """A property of a template resource or of a direct invocation cannot be used.

    Attributes:
        path: the property as its author wrote it, such as `Flows.0.DatasetId`.
        reason: what is wrong and what would be right.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class AdobeError(BridgeError):
    """Adobe answered with an error, or did not answer.

    Attributes:
        status: the HTTP status, or None when there was no answer.
        retryable: True when the same request may succeed later.
    """

    def __init__(self, message: str, *, status: int | None, retryable: bool) -> None:
        super().__init__(message)
        self.status = status
        self.retryable = retryable
