"""The credentials of the function's role."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from bridge.adapters.signature import Credentials
from bridge.errors import UnavailableError

_ENDPOINT = "AWS_CONTAINER_CREDENTIALS_FULL_URI"


def role_credentials(environ: Mapping[str, str]) -> Callable[[], Credentials]:
    """What gives the credentials that hold right now.

    Under SnapStart Lambda serves them at an address, since what stands in a snapshot would expire:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html.

    Raises:
        UnavailableError: the environment names none.
    """
    if _ENDPOINT in environ and "AWS_ACCESS_KEY_ID" not in environ:
        return _served(environ)
    try:
        fixed = Credentials(
            environ["AWS_ACCESS_KEY_ID"],
            environ["AWS_SECRET_ACCESS_KEY"],
            environ.get("AWS_SESSION_TOKEN", ""),
        )
    except KeyError as exc:
        raise UnavailableError(f"the environment variable {exc.args[0]} is not set") from exc
    return lambda: fixed


def _served(environ: Mapping[str, str]) -> Callable[[], Credentials]:
    """By botocore, which asks on first use and again in good time before they expire."""
    from botocore.credentials import ContainerProvider  # noqa: PLC0415 (SnapStart only)

    provider = ContainerProvider(dict(environ))
    load: Callable[[], Any] = cache(provider.load)

    def current() -> Credentials:
        frozen = load().get_frozen_credentials()
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token)

    return current
