"""What every test runs under: no AWS but a pretended one, and no settings of the developer's."""

import socket
from collections.abc import Generator, Iterator
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, settings

from bridge.adapters.aws import clients as aws
from tests.support.leak_detection import leaks

# An example that takes longer than usual says something of the machine, not of the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that open nothing, so that a forgotten fake cannot reach an account."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.fixture(autouse=True)
def _boto3_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto intercepts boto3, whose clients have the methods of the signed ones."""

    def client(service: str, **_: object) -> object:
        untyped: Any = boto3
        return untyped.client(service)

    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    # boto3 waits between its attempts; the signed clients have retries of their own.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(aws, "SignedClient", client)


@pytest.fixture
def refusing_port() -> Iterator[int]:
    """A port of the loopback address that refuses connections, and that nobody else can take."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test during which something planted was printed or logged fails."""
    report = yield
    if report.when != "setup" and report.passed:
        told = [*leaks(text for name, text in report.sections if name.startswith("Captured"))]
        if told:
            report.outcome = "failed"
            report.longrepr = "something planted was told:\n" + "\n".join(told)
    return report
