"""Settings of the functions, from environment variables that the template sets.

They are dataclasses because the receiver reads them on every cold start, where importing pydantic
takes 70-200 ms. Only the provisioner uses pydantic, for properties of templates.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from bridge.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class AdobeSettings:
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


@dataclass(frozen=True, slots=True)
class ReceiverSettings(AdobeSettings):
    """The receiver's environment.

    Attributes:
        record_days: how long records of deliveries are kept.
    """

    buffer_queue_url: str
    deliveries_table: str
    record_days: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "ReceiverSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            **_adobe(environ),
            buffer_queue_url=_required(environ, "BUFFER_QUEUE_URL"),
            deliveries_table=_required(environ, "DELIVERIES_TABLE"),
            record_days=_number(environ, "RECORD_DAYS"),
        )


@dataclass(frozen=True, slots=True)
class KeptBodiesSettings:
    """Where bodies are kept; read when the first one is."""

    table: str
    bucket: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "KeptBodiesSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            table=_required(environ, "KEPT_BODIES_TABLE"),
            bucket=_required(environ, "KEPT_BODIES_BUCKET"),
        )


@dataclass(frozen=True, slots=True)
class ForwarderSettings(AdobeSettings):
    """The forwarder's environment.

    Attributes:
        record_days: see `ReceiverSettings`.
        retry_hours: how long a delivery is retried.
        inlet_messages_per_second: rate limit of all forwarders together.
        forwarder_concurrency: maximum number of concurrent forwarders.
    """

    buffer_queue_url: str
    dead_letter_queue_url: str
    deliveries_table: str
    record_days: int
    retry_hours: int
    inlet_messages_per_second: int
    forwarder_concurrency: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "ForwarderSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            **_adobe(environ),
            buffer_queue_url=_required(environ, "BUFFER_QUEUE_URL"),
            dead_letter_queue_url=_required(environ, "DEAD_LETTER_QUEUE_URL"),
            deliveries_table=_required(environ, "DELIVERIES_TABLE"),
            record_days=_number(environ, "RECORD_DAYS"),
            retry_hours=_number(environ, "RETRY_HOURS"),
            inlet_messages_per_second=_number(environ, "INLET_MESSAGES_PER_SECOND"),
            forwarder_concurrency=_number(environ, "FORWARDER_CONCURRENCY"),
        )


@dataclass(frozen=True, slots=True)
class ProvisionerSettings(AdobeSettings):
    """The provisioner's environment.

    Attributes:
        platform_url: base URL of the Platform APIs, without a trailing slash.
        webhook_url: of the API or the custom domain, without a trailing slash.
    """

    platform_url: str
    webhook_url: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "ProvisionerSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            **_adobe(environ),
            platform_url=_required(environ, "ADOBE_PLATFORM_URL").rstrip("/"),
            webhook_url=_required(environ, "WEBHOOK_URL").rstrip("/"),
        )


@dataclass(frozen=True, slots=True)
class ReconcilerSettings(AdobeSettings):
    """The reconciler's environment.

    Attributes:
        platform_url: base URL of the Platform APIs, without a trailing slash.
        record_days: see `ReceiverSettings`.
    """

    platform_url: str
    deliveries_table: str
    record_days: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "ReconcilerSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            **_adobe(environ),
            platform_url=_required(environ, "ADOBE_PLATFORM_URL").rstrip("/"),
            deliveries_table=_required(environ, "DELIVERIES_TABLE"),
            record_days=_number(environ, "RECORD_DAYS"),
        )


@dataclass(frozen=True, slots=True)
class PreflightSettings:
    """The preflight's environment.

    Attributes:
        receiver_function: name of the function whose versions it tests.
        kms_key: see `AdobeSettings`.
    """

    stage: str
    receiver_function: str
    kms_key: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "PreflightSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            stage=_required(environ, "STAGE"),
            receiver_function=_required(environ, "RECEIVER_FUNCTION"),
            kms_key=environ.get("KMS_KEY_ARN", ""),
        )


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """The watch's environment.

    Attributes:
        metrics_namespace: namespace of the functions' metrics.
        silence_hours: hours without a webhook after which a source counts as silent.
        kms_key: see `AdobeSettings`.
    """

    stage: str
    buffer_queue_url: str
    deliveries_table: str
    metrics_namespace: str
    silence_hours: int
    kms_key: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "WatchSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            stage=_required(environ, "STAGE"),
            buffer_queue_url=_required(environ, "BUFFER_QUEUE_URL"),
            deliveries_table=_required(environ, "DELIVERIES_TABLE"),
            metrics_namespace=_required(environ, "POWERTOOLS_METRICS_NAMESPACE"),
            silence_hours=_number(environ, "SILENCE_HOURS"),
            kms_key=environ.get("KMS_KEY_ARN", ""),
        )


class _Adobe(TypedDict):
    stage: str
    ims_url: str
    credentials: str
    inlet_hosts: tuple[str, ...]
    kms_key: str


def _adobe(environ: Mapping[str, str]) -> _Adobe:
    hosts = _required(environ, "INLET_HOSTS").split(",")
    return {
        "stage": _required(environ, "STAGE"),
        "ims_url": _required(environ, "ADOBE_IMS_URL").rstrip("/"),
        "credentials": _required(environ, "ADOBE_CREDENTIALS"),
        "inlet_hosts": tuple(host.strip() for host in hosts if host.strip()),
        "kms_key": environ.get("KMS_KEY_ARN", ""),
    }


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name)
    if not value:
        raise UnavailableError(f"the environment variable {name} is not set")
    return value


def _number(environ: Mapping[str, str], name: str) -> int:
    try:
        return int(_required(environ, name))
    except ValueError as exc:
        raise UnavailableError(f"the environment variable {name} is not a number") from exc
