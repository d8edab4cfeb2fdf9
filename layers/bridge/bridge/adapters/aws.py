"""What all clients of AWS share: where they are, who signs, and how their errors are told."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bridge.adapters.role import role_credentials
from bridge.adapters.signed_client import SignedClient
from bridge.errors import UnavailableError


def aws_client(service: str, environ: Mapping[str, str] = os.environ) -> Any:
    """A client with boto3's methods, made from the variables that Lambda sets.

    `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_SSM` name an emulator, as they do for boto3.

    Raises:
        UnavailableError: the environment does not name the region.
    """
    region = environ.get("AWS_REGION")
    if not region:
        raise UnavailableError("the environment variable AWS_REGION is not set")
    credentials = role_credentials(environ)
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    endpoint = (
        environ.get(f"AWS_ENDPOINT_URL_{service.upper()}")
        or environ.get("AWS_ENDPOINT_URL")
        or f"https://{service}.{region}.{suffix}"
    )
    return SignedClient(service, region=region, endpoint=endpoint, credentials=credentials)


@contextmanager
def unavailable_if_it_fails(what: str) -> Iterator[None]:
    """Turn botocore's errors into UnavailableError: what failed, and AWS's word for why.

    AWS's message is left out: it could quote a value.
    """
    try:
        yield
    except ClientError as exc:
        raise UnavailableError(f"{what}: {exc.response['Error']['Code']}") from exc
    except BotoCoreError as exc:
        raise UnavailableError(f"{what}: {type(exc).__name__}") from exc
