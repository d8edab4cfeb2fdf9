"""Read the credentials of the function's role."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from bridge.adapters.aws.sigv4 import Credentials
from bridge.errors import UnavailableError

_ENDPOINT = "AWS_CONTAINER_CREDENTIALS_FULL_URI"


def role_credentials(environ: Mapping[str, str]) -> Callable[[], Credentials]:
    """A function that returns the current credentials or raises UnavailableError.

    With SnapStart, Lambda serves them over HTTP, since those in a snapshot would expire:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html. So nothing is
    read before the first call.
    """

    @cache
    def source() -> Callable[[], Credentials]:
        if _ENDPOINT in environ:
            return _from_endpoint
        credentials = _from_environment(environ)
        return lambda: credentials

    def current() -> Credentials:
        return source()()

    return current


def _from_environment(environ: Mapping[str, str]) -> Credentials:
    try:
        return Credentials(
            environ["AWS_ACCESS_KEY_ID"],
            environ["AWS_SECRET_ACCESS_KEY"],
            environ.get("AWS_SESSION_TOKEN", ""),
        )
    except KeyError as exc:
        raise UnavailableError(f"the environment variable {exc.args[0]} is not set") from exc


def _from_endpoint() -> Credentials:
    """Read by botocore, which refreshes them before they expire."""
    frozen = _provider_credentials().get_frozen_credentials()
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token)


@cache
def _provider_credentials() -> Any:
    """Shared by all clients of the process."""
    from botocore.credentials import ContainerProvider  # noqa: PLC0415 (SnapStart only)

    return ContainerProvider(os.environ).load()
