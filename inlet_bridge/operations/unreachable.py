"""Explain why AWS or the local cloud cannot be asked, or rejects a request.

The texts of the SDK's errors are for who writes programs; these are for who runs them.
"""

import os
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigNotFound,
    ConfigParseError,
    ConnectionError,  # noqa: A004 (botocore's own)
    CredentialRetrievalError,
    HTTPClientError,
    InfiniteLoopConfigError,
    InvalidConfigError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSLError,
    SSOError,
    TokenRetrievalError,
)

from inlet_bridge.operations.errors import NoAccountError, OperationError

_REASONS: Final = (
    (NoRegionError, "no region is set", "Set AWS_REGION."),
    (NoCredentialsError, "there are no credentials", "Set AWS_PROFILE and AWS_REGION."),
    (
        ProfileNotFound,
        "there is no profile {profile}",
        "`aws configure list-profiles` lists them; set AWS_PROFILE to one.",
    ),
    (
        (SSOError, TokenRetrievalError),
        "the session of the profile has ended",
        "Sign in with `aws sso login`.",
    ),
    (
        (CredentialRetrievalError, PartialCredentialsError),
        "the credentials of the profile are incomplete or cannot be read",
        "`aws sts get-caller-identity` with the same AWS_PROFILE says why.",
    ),
    (
        (ConfigNotFound, ConfigParseError, InfiniteLoopConfigError, InvalidConfigError),
        "the configuration of the AWS CLI cannot be read",
        "Correct ~/.aws/config and ~/.aws/credentials.",
    ),
    (InvalidRegionError, "the region is no name of a region", "Set AWS_REGION, as to eu-west-1."),
    (
        SSLError,
        "the certificate of {host} is not trusted",
        "If a proxy reads what is sent, set AWS_CA_BUNDLE to a file with its certificates.",
    ),
    (
        (ConnectionError, HTTPClientError),
        "{host} does not answer",
        "Check the network, the proxy and AWS_REGION.",
    ),
)
# AWS has no endpoint there.
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_OTHER: Final = (
    "the request cannot be made ({error})",
    "Set AWS_PROFILE and AWS_REGION; `make run` shows the way into the local cloud.",
)


def unreachable(
    exc: BotoCoreError,
    environ: Mapping[str, str] = os.environ,
    *,
    stack: str = "",
) -> OperationError:
    """The error for a request that had no answer, or could not be made.

    Args:
        exc: of the SDK.
        environ: with `AWS_ENDPOINT_URL`, the account is that of a local cloud.
        stack: that was asked for, if the request was about one.
    """
    endpoint = environ.get("AWS_ENDPOINT_URL", "") or _on_this_machine(exc)
    if endpoint and isinstance(exc, ConnectionError | HTTPClientError):
        return OperationError(
            f"the local cloud on {endpoint} does not answer",
            hint="It ended, or is being deleted; start it again with `make run`.",
        )
    reason, hint = _reason(exc)
    if not endpoint and isinstance(exc, NoRegionError | NoCredentialsError):
        return NoAccountError(f"AWS cannot be asked: {reason}", stack=stack)
    return OperationError(f"AWS cannot be asked: {reason}", hint=hint)


def rejection(exc: ClientError, by: str = "AWS") -> str:
    """A request that was rejected, as a sentence without its full stop, with its own reason.

    Args:
        exc: of the SDK.
        by: who rejected it.
    """
    error = exc.response.get("Error", {})
    reason = ": ".join(filter(None, (error.get("Code", ""), error.get("Message", "").rstrip("."))))
    return f"{by} rejected {exc.operation_name}" + (f": {reason}" if reason else "")


def explained(exc: OperationError | ClientError | BotoCoreError) -> str:
    """Any error of an operation, as a sentence without its full stop."""
    if isinstance(exc, ClientError):
        return rejection(exc)
    return str(unreachable(exc) if isinstance(exc, BotoCoreError) else exc)


def local_failure(exc: ClientError | BotoCoreError) -> OperationError:
    """The error for a request to the local cloud, whatever the environment says."""
    if isinstance(exc, ClientError):
        return OperationError(rejection(exc, "the local cloud"))
    if isinstance(exc, ConnectionError | HTTPClientError):
        place = _on_this_machine(exc) or "this machine"
        return unreachable(exc, {"AWS_ENDPOINT_URL": place})
    return OperationError(f"a request to the local cloud cannot be made: {type(exc).__name__}")


def _on_this_machine(exc: BotoCoreError) -> str:
    """The endpoint of a request to the local cloud; empty for another one."""
    parts = urlsplit(str(exc.kwargs.get("endpoint_url", "")))
    is_local = parts.hostname in _LOOPBACK
    return f"{parts.scheme}://{parts.netloc}" if is_local else ""


def _reason(exc: BotoCoreError) -> tuple[str, str]:
    """Why, and the way out."""
    found = next((texts for kinds, *texts in _REASONS if isinstance(exc, kinds)), _OTHER)
    values = {
        "profile": exc.kwargs.get("profile", ""),
        "host": urlsplit(str(exc.kwargs.get("endpoint_url", ""))).hostname or "its endpoint",
        "error": type(exc).__name__,
    }
    reason, hint = (text.format_map(values) for text in found)
    return reason, hint
