"""Create AWS clients and translate their errors."""

import os
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from bridge.adapters.aws.role_credentials import role_credentials
from bridge.adapters.aws.signed_client import THROTTLED, CallPolicy, SignedClient
from bridge.errors import ThrottledError, UnavailableError

# DNS suffixes of partitions, by region prefix; the others have `amazonaws.com`.
_DNS_SUFFIXES = {
    "cn-": "amazonaws.com.cn",
    "eusc-": "amazonaws.eu",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
    "eu-isoe-": "cloud.adc-e.uk",
}


def dns_suffix(region: str) -> str:
    """The DNS suffix of a region's services, as in botocore's `partitions.json`."""
    found = (suffix for prefix, suffix in _DNS_SUFFIXES.items() if region.startswith(prefix))
    return next(found, "amazonaws.com")


def aws_client(
    service: str, environ: Mapping[str, str] = os.environ, policy: CallPolicy | None = None
) -> Any:
    """A client with boto3's methods, configured by the variables that Lambda sets.

    `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_SSM` name an emulator, as they do for boto3.

    Args:
        service: `ssm`, `dynamodb` or `sqs`.
        environ: the environment variables.
        policy: time-outs and attempts; None for the default.

    Raises:
        UnavailableError: the environment does not name the region.
    """
    region = _region(environ)
    credentials = role_credentials(environ)
    endpoint = _emulator(service, environ) or f"https://{service}.{region}.{dns_suffix(region)}"
    return SignedClient(
        service,
        region=region,
        endpoint=endpoint,
        credentials=credentials,
        policy=policy or CallPolicy(),
    )


def object_client(environ: Mapping[str, str] = os.environ, policy: CallPolicy | None = None) -> Any:
    """A client of S3 with boto3's method `put_object`; see `aws_client`."""
    from bridge.adapters.aws import object_client  # noqa: PLC0415 (few sources need it)

    region = _region(environ)
    return object_client.ObjectClient(
        region=region,
        emulator=_emulator("s3", environ),
        host=f"s3.{region}.{dns_suffix(region)}",
        credentials=role_credentials(environ),
        policy=policy or CallPolicy(),
    )


def _region(environ: Mapping[str, str]) -> str:
    if region := environ.get("AWS_REGION"):
        return region
    raise UnavailableError("the environment variable AWS_REGION is not set")


def _emulator(service: str, environ: Mapping[str, str]) -> str:
    """The URL of an emulator of a service, or empty."""
    own = environ.get(f"AWS_ENDPOINT_URL_{service.upper()}")
    return own or environ.get("AWS_ENDPOINT_URL", "")


AWS_ERRORS: Final = (BotoCoreError, ClientError)
"""What a call raises, of boto3's clients and of those here."""


def unavailable(what: str, exc: BotoCoreError | ClientError) -> UnavailableError:
    """The exception of the bridge for a failed call, with AWS's error code.

    AWS's message is omitted, since it could quote a value.

    Returns:
        A ThrottledError if AWS refuses the call because there are too many.
    """
    if isinstance(exc, BotoCoreError):
        return UnavailableError(f"{what}: {type(exc).__name__}")
    code = exc.response["Error"]["Code"]
    error = ThrottledError if code in THROTTLED else UnavailableError
    return error(f"{what}: {code}")
