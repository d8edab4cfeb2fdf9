"""Tests of settings from environment variables."""

import pytest

from bridge.background_settings import (
    ForwarderSettings,
    ProvisionerSettings,
    ReconcilerSettings,
    WatchSettings,
)
from bridge.errors import UnavailableError
from bridge.settings import ReceiverSettings

ENVIRONMENT = {
    "STAGE": "dev",
    "ADOBE_IMS_URL": "https://ims-na1.adobelogin.com/",
    "ADOBE_PLATFORM_URL": "https://platform.adobe.io",
    "ADOBE_CREDENTIALS": "/inlet-bridge/dev/secrets/adobe",
    "INLET_HOSTS": "dcs.adobedc.net, 127.0.0.1:8460,",
    "WEBHOOK_URL": "https://hooks.example.com/",
    "BUFFER_QUEUE_URL": "https://sqs.example/buffer",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.example/dead-letters",
    "DELIVERIES_TABLE": "deliveries",
    "RECORD_DAYS": "8",
    "RETRY_HOURS": "72",
    "INLET_MESSAGES_PER_SECOND": "10000",
    "FORWARDER_CONCURRENCY": "10",
    "POWERTOOLS_METRICS_NAMESPACE": "InletBridge/dev",
    "SILENCE_HOURS": "24",
}
type Settings = type[
    ReceiverSettings | ForwarderSettings | ProvisionerSettings | WatchSettings | ReconcilerSettings
]


def test_environment_is_read() -> None:
    """Lists are split and trailing slashes cut."""
    settings = ProvisionerSettings.from_env(ENVIRONMENT)

    assert settings.adobe.inlet_hosts == ("dcs.adobedc.net", "127.0.0.1:8460")
    assert settings.adobe.ims_url == "https://ims-na1.adobelogin.com"
    assert settings.webhook_url == "https://hooks.example.com"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        *[(ReceiverSettings, name) for name in ("STAGE", "BUFFER_QUEUE_URL", "DELIVERIES_TABLE")],
        (ForwarderSettings, "DEAD_LETTER_QUEUE_URL"),
        *[(ProvisionerSettings, name) for name in ("ADOBE_PLATFORM_URL", "WEBHOOK_URL")],
        *[(ReconcilerSettings, name) for name in ("ADOBE_PLATFORM_URL", "DELIVERIES_TABLE")],
        *[(WatchSettings, name) for name in ("POWERTOOLS_METRICS_NAMESPACE", "SILENCE_HOURS")],
    ],
)
@pytest.mark.parametrize("value", [None, ""])
def test_missing_variable_is_named(settings: Settings, name: str, value: str | None) -> None:
    """An empty one is missing too."""
    environment = {key: text for key, text in ENVIRONMENT.items() if key != name}
    if value is not None:
        environment[name] = value

    with pytest.raises(UnavailableError, match=f"{name} is not set"):
        settings.from_env(environment)


def test_invalid_number_is_named() -> None:
    """Somebody changed the function by hand."""
    with pytest.raises(UnavailableError, match="RETRY_HOURS is not a number"):
        ForwarderSettings.from_env({**ENVIRONMENT, "RETRY_HOURS": "three days"})
