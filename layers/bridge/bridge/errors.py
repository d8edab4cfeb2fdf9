"""The exceptions of the bridge, split by who can fix the cause.

BridgeError
 ├─ WebhookRejectedError          the request is at fault; `status` is that of the response
 │   ├─ InvalidSignatureError     401
 │   ├─ UnknownSourceError        404
 │   ├─ BodyTooLargeError         413
 │   ├─ UnsupportedBodyError      415
 │   └─ TooManyRequestsError      429; the same request may be accepted later
 ├─ UnavailableError              a dependency is at fault; the sender retries (503)
 │   ├─ ThrottledError            it receives too many requests; a later one succeeds
 │   └─ InvalidCredentialsError   the secret of Adobe's technical account
 ├─ MappingError                  the webhook does not fit its route; a dead letter has the reason
 ├─ InvalidPropertyError          the template is at fault; names the property
 │   └─ UnknownFieldError         the schema of a dataset has no such field
 ├─ OutOfCallsError               the bridge itself limits its calls to Adobe
 ├─ AdobeError                    Adobe rejected the request or failed; see `retryable`
 └─ VendorError                   a vendor rejected the registration of a webhook, or failed

No message contains a secret, a token, a signature or a payload.
"""

import re
from http import HTTPStatus
from typing import ClassVar, Final

# A word of over 200 characters, and what is shown of it. It is compiled on first use.
_LONG_WORD: Final = r"(\S{60})\S{140,}"


class BridgeError(Exception):
    """Base class of the bridge's exceptions."""


class WebhookRejectedError(BridgeError):
    """The request is rejected; retrying it can succeed only after a 429."""

    status: ClassVar[HTTPStatus]


class InvalidSignatureError(WebhookRejectedError):
    """The request is not authenticated.

    The message is for the log only; the response does not reveal the reason.
    """

    status = HTTPStatus.UNAUTHORIZED


class UnknownSourceError(WebhookRejectedError):
    """There is no source with this name."""

    status = HTTPStatus.NOT_FOUND


class BodyTooLargeError(WebhookRejectedError):
    """The message would exceed the size limit of the inlet."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedBodyError(WebhookRejectedError):
    """The body cannot be converted to the flow's data type."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class TooManyRequestsError(WebhookRejectedError):
    """The request cannot be verified now.

    Verification needs a document of the provider's site, and the limit on such requests is reached
    or the site does not respond. An unauthenticated client can cause that, so it is not a server
    error; senders retry 429 as they retry 503.
    """

    status = HTTPStatus.TOO_MANY_REQUESTS


class UnavailableError(BridgeError):
    """A service that the bridge depends on fails, or a setting is invalid."""


class ThrottledError(UnavailableError):
    """A service refuses a request because it receives too many."""


class InvalidCredentialsError(UnavailableError):
    """The secret of Adobe's technical account is missing or invalid.

    Attributes:
        digest: of the stored text; another text may be valid.
    """

    def __init__(self, message: str, digest: str = "") -> None:
        super().__init__(message)
        self.digest = digest


class MappingError(BridgeError):
    """A webhook cannot be mapped as its route requires; names the expression."""


class InvalidPropertyError(BridgeError):
    """A property of a template resource or of a direct invocation is invalid.

    Attributes:
        path: the property as in the template, such as `Flows.0.DatasetId`.
        reason: what is wrong and how to fix it; a long word of the template is shortened, since
            CloudFormation shows so many characters of a reason.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = re.sub(_LONG_WORD, r"\1…", reason)
        super().__init__(f"{re.sub(_LONG_WORD, r'\1…', path)}: {self.reason}")


class UnknownFieldError(InvalidPropertyError):
    """A Map has a field that the schema of its dataset does not have."""


class OutOfCallsError(BridgeError):
    """The limit of calls to Adobe is reached. Later calls are possible."""


class AdobeError(BridgeError):
    """Adobe responded with an error, or not at all.

    Attributes:
        status: the HTTP status, or None when there was no response.
        retryable: True when the same request may succeed later.
        retry_after: the response's header of that name, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None,
        retryable: bool,
        retry_after: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retryable = retryable
        self.retry_after = retry_after


class VendorError(BridgeError):
    """A vendor rejected the registration of a webhook, or did not respond.

    Attributes:
        path: the property to correct, such as `Subscription.Credential`.
        reason: what is wrong and how to fix it.
        status: the HTTP status, or None when there was no response.
        retryable: True when the same request may succeed later.
        retry_after: seconds after which the vendor accepts requests again, or None.
    """

    def __init__(
        self,
        path: str,
        reason: str,
        *,
        status: int | None = None,
        retryable: bool = False,
        retry_after: str | None = None,
    ) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.status = status
        self.retryable = retryable
        self.retry_after = retry_after
