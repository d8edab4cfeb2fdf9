"""Settings of the functions for which no sender waits, from environment variables."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from bridge.settings import AdobeSettings, number, required


class ForwarderSettings(NamedTuple):
    """The forwarder's environment.

    Attributes:
        record_days: see `ReceiverSettings`.
        retry_hours: how long a delivery is retried.
        inlet_messages_per_second: rate limit of all forwarders together.
        forwarder_concurrency: maximum number of concurrent forwarders.
    """

    adobe: AdobeSettings
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
            adobe=AdobeSettings.from_env(environ),
            buffer_queue_url=required(environ, "BUFFER_QUEUE_URL"),
            dead_letter_queue_url=required(environ, "DEAD_LETTER_QUEUE_URL"),
            deliveries_table=required(environ, "DELIVERIES_TABLE"),
            record_days=number(environ, "RECORD_DAYS"),
            retry_hours=number(environ, "RETRY_HOURS"),
            inlet_messages_per_second=number(environ, "INLET_MESSAGES_PER_SECOND"),
            forwarder_concurrency=number(environ, "FORWARDER_CONCURRENCY"),
        )


class ProvisionerSettings(NamedTuple):
    """The provisioner's environment.

    Attributes:
        platform_url: base URL of the Platform APIs, without a trailing slash.
        webhook_url: of the API or the custom domain, without a trailing slash.
    """

    adobe: AdobeSettings
    platform_url: str
    webhook_url: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "ProvisionerSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            adobe=AdobeSettings.from_env(environ),
            platform_url=required(environ, "ADOBE_PLATFORM_URL").rstrip("/"),
            webhook_url=required(environ, "WEBHOOK_URL").rstrip("/"),
        )


class ReconcilerSettings(NamedTuple):
    """The reconciler's environment.

    Attributes:
        platform_url: base URL of the Platform APIs, without a trailing slash.
        record_days: see `ReceiverSettings`.
    """

    adobe: AdobeSettings
    platform_url: str
    deliveries_table: str
    record_days: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "ReconcilerSettings":
        """Read the environment. Raises UnavailableError that names the variable."""
        return cls(
            adobe=AdobeSettings.from_env(environ),
            platform_url=required(environ, "ADOBE_PLATFORM_URL").rstrip("/"),
            deliveries_table=required(environ, "DELIVERIES_TABLE"),
            record_days=number(environ, "RECORD_DAYS"),
        )


class PreflightSettings(NamedTuple):
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
            stage=required(environ, "STAGE"),
            receiver_function=required(environ, "RECEIVER_FUNCTION"),
            kms_key=environ.get("KMS_KEY_ARN", ""),
        )


class WatchSettings(NamedTuple):
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
            stage=required(environ, "STAGE"),
            buffer_queue_url=required(environ, "BUFFER_QUEUE_URL"),
            deliveries_table=required(environ, "DELIVERIES_TABLE"),
            metrics_namespace=required(environ, "POWERTOOLS_METRICS_NAMESPACE"),
            silence_hours=number(environ, "SILENCE_HOURS"),
            kms_key=environ.get("KMS_KEY_ARN", ""),
        )
