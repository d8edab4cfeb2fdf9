"""Settings of the receiver, from environment variables that the template sets.

They are named tuples because the receiver reads them on every cold start, where importing pydantic
takes 70-200 ms. Only the provisioner uses pydantic, for properties of templates. Those of other
functions are in `bridge.background_settings`.
"""

import os
from collections.abc import Mapping
from typing import NamedTuple

from bridge.errors import UnavailableError


class AdobeSettings(NamedTuple):
    """URLs of Adobe, and the reference to the technical account's credentials.

    Attributes:
        ims_url: base URL of the identity service, without a trailing slash.
        credentials: name of the SSM parameter that holds the JSON secret.
        inlet_hosts: allowed hosts (`host` or `host:port`) of an inlet URL.
        kms_key: ARN of the KMS key for secure strings in SSM; empty means the AWS managed key.
    """

    stage: str
    ims_url: str
    credentials: str
    inlet_hosts: tuple[str, ...]
    kms_key: str

    @property
    def token_path(self) -> str:
        """SSM path of the access tokens that the functions share."""
        return f"/inlet-bridge/{self.stage}/tokens"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "AdobeSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        hosts = required(environ, "INLET_HOSTS").split(",")
        return cls(
            stage=required(environ, "STAGE"),
            ims_url=required(environ, "ADOBE_IMS_URL").rstrip("/"),
            credentials=required(environ, "ADOBE_CREDENTIALS"),
            inlet_hosts=tuple(host.strip() for host in hosts if host.strip()),
            kms_key=environ.get("KMS_KEY_ARN", ""),
        )


class ReceiverSettings(NamedTuple):
    """The receiver's environment.

    Attributes:
        record_days: how long records of deliveries are kept.
    """

    adobe: AdobeSettings
    buffer_queue_url: str
    deliveries_table: str
    record_days: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "ReceiverSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            adobe=AdobeSettings.from_env(environ),
            buffer_queue_url=required(environ, "BUFFER_QUEUE_URL"),
            deliveries_table=required(environ, "DELIVERIES_TABLE"),
            record_days=number(environ, "RECORD_DAYS"),
        )


class KeptBodiesSettings(NamedTuple):
    """Where bodies are kept; read when the first one is."""

    table: str
    bucket: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "KeptBodiesSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            table=required(environ, "KEPT_BODIES_TABLE"),
            bucket=required(environ, "KEPT_BODIES_BUCKET"),
        )


def required(environ: Mapping[str, str], name: str) -> str:
    """Read a variable that must not be empty. Raises UnavailableError that names it."""
    value = environ.get(name)
    if not value:
        raise UnavailableError(f"the environment variable {name} is not set")
    return value


def number(environ: Mapping[str, str], name: str) -> int:
    """Read a variable that must be an integer. Raises UnavailableError that names it."""
    try:
        return int(required(environ, name))
    except ValueError as exc:
        raise UnavailableError(f"the environment variable {name} is not a number") from exc
