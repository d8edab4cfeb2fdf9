"""What to do about an error of AWS, by its code."""

from collections.abc import Mapping
from typing import Final

from botocore.exceptions import ClientError

_PERMISSIONS: Final = "docs/inspector.md has the permissions that the inspector needs."
_CREDENTIALS: Final = (
    "The credentials have expired or are invalid: renew those of AWS_PROFILE, and load the page"
    " again."
)
_BUSY: Final = "AWS received more requests than it allows: load the page again in a minute."
_FAILED: Final = "AWS failed: load the page again in a minute."
_MISSING: Final = (
    "A resource of the stack was deleted; `inlet doctor` looks what is missing. If a deployment"
    " runs, load the page again when it has ended."
)
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the pages of
# common errors of the other services.
_BY_CODE: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"),
            *("UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
            *("IncompleteSignature", "InvalidSignatureException", "MissingAuthenticationToken"),
        ),
        _CREDENTIALS,
    ),
    **dict.fromkeys(
        (
            *("Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled"),
            *("RequestThrottledException", "TooManyRequestsException", "SlowDown"),
            *("RequestLimitExceeded", "LimitExceededException", "BandwidthLimitExceeded"),
            "ProvisionedThroughputExceededException",
        ),
        _BUSY,
    ),
    **dict.fromkeys(
        (
            *("ResourceNotFoundException", "ResourceNotFound", "NoSuchBucket"),
            *("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
        ),
        _MISSING,
    ),
}
_DENIED: Final = ("AccessDenied", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized")


def advice_on_error(exc: ClientError) -> str:
    """What to do; empty if the code does not tell."""
    code = str(exc.response.get("Error", {}).get("Code", ""))
    if code.startswith(_DENIED):
        return _PERMISSIONS
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return _BY_CODE.get(code, _FAILED if status >= 500 else "")  # noqa: PLR2004 (of HTTP)
