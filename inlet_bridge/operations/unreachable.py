"""Explain why neither AWS nor the local cloud can be asked."""

import os
from collections.abc import Callable, Mapping
from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ConnectionError,  # noqa: A004 (botocore's own)
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
)

from inlet_bridge.local.running_cloud import entrance_variables
from inlet_bridge.operations.errors import OperationError

_STACK: Final = "BRIDGE_STACK"
_START: Final = "Start one with `make run` in another terminal"
_ACCOUNT: Final = "set AWS_PROFILE and AWS_REGION"


def unreachable(
    exc: BotoCoreError,
    environ: Mapping[str, str] = os.environ,
    *,
    stack: str = "",
    running: Callable[[], Mapping[str, str]] = entrance_variables,
) -> OperationError:
    """The error for a request that had no answer, or could not be made.

    Args:
        exc: of the SDK.
        environ: with `AWS_ENDPOINT_URL`, the account is that of a local cloud.
        stack: that was asked for, if the request was about one.
        running: returns the variables of the local cloud that runs on this machine, if one does.
    """
    endpoint = environ.get("AWS_ENDPOINT_URL", "")
    if endpoint and isinstance(exc, ConnectionError | HTTPClientError):
        return OperationError(
            f"the local cloud on {endpoint} does not answer",
            hint="It ended, or is being deleted; start it again with `make run`.",
        )
    if not endpoint and isinstance(exc, NoRegionError | NoCredentialsError):
        reason = str(exc).rstrip(".")
        if (local := running().get(_STACK)) and stack != local:
            missing = f"has no stack {stack}" if stack else "was not asked"
            return OperationError(
                f"the local cloud {missing}; it has {local}; and AWS cannot be asked: {reason}",
                hint=f"Leave --stack out for the local cloud. For AWS, {_ACCOUNT}.",
            )
        return OperationError(
            f"no local cloud is running, and AWS cannot be asked: {reason}",
            hint=f"{_START}, or {_ACCOUNT}.",
        )
    return OperationError(
        f"AWS cannot be asked: {exc}",
        hint="Set AWS_PROFILE and AWS_REGION; `make run` shows the way into the local cloud.",
    )
