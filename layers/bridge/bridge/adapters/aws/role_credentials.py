"""The credentials of the function's role."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from bridge.adapters.aws.sigv4 import Credentials
from bridge.errors import UnavailableError

_ENDPOINT = "AWS_CONTAINER_CREDENTIALS_FULL_URI"


def role_credentials(environ: Mapping[str, str]) -> Callable[[], Credentials]:
    """What gives the credentials that hold right now; raises UnavailableError where there are none.

    Under SnapStart Lambda serves them at an address, since what stands in a snapshot would expire:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html. So nothing is looked
    at before the first call.
    """

    @cache
    def source() -> Callable[[], Credentials]:
        if _ENDPOINT in environ:
            return _served
        named = _named(environ)
        return lambda: named

    def current() -> Credentials:
        return source()()

    return current


def _named(environ: Mapping[str, str]) -> Credentials:
    try:
        return Credentials(
            environ["AWS_ACCESS_KEY_ID"],
            environ["AWS_SECRET_ACCESS_KEY"],
            environ.get("AWS_SESSION_TOKEN", ""),
        )
    except KeyError as exc:
        raise UnavailableError(f"the environment variable {exc.args[0]} is not set") from exc


def _served() -> Credentials:
    """By botocore, which asks again in good time before they expire."""
    frozen = _loaded().get_frozen_credentials()
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token)


@cache
def _loaded() -> Any:
    """One for all clients of the process."""
    from botocore.credentials import ContainerProvider  # noqa: PLC0415 (SnapStart only)

    return ContainerProvider(os.environ).load()
