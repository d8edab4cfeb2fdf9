"""Fixtures of all tests: moto instead of AWS, no settings of the developer, no leaked secrets."""

import gc
import os
import socket
import subprocess
from collections.abc import Generator, Iterator
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from hypothesis import HealthCheck, settings

from bridge.adapters.aws import clients as aws
from bridge.adapters.aws import object_client
from inlet_bridge.cli import local_stack
from tests.support.atomic_moto import make_atomic
from tests.support.leak_detection import leaks
from tests.support.shared_clients import share_clients
from tests.support.shared_models import share_models

# The duration of an example depends on the machine, not only on the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
share_models()
share_clients()
make_atomic()


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Invalid credentials, so that a missing fake cannot reach an account.

    A command that a test runs may change the environment; no later test sees it.
    """
    with patch.dict(os.environ):
        _without_account(monkeypatch)
        yield


def _without_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _no_local_cloud() -> Iterator[None]:
    """No command finds the local cloud that another test, or the developer, runs meanwhile.

    Nor do the commands in fixtures of a module, which are set up before those of a test.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(local_stack, "running_variables", dict)
        patched.setattr(local_stack, "starts", bool)
        patched.delenv("BRIDGE_STACK", raising=False)
        yield


@pytest.fixture(autouse=True)
def _boto3_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use boto3 clients, which moto intercepts, in place of the signed clients."""

    def client(service: str, **_: object) -> object:
        untyped: Any = boto3
        return untyped.client(service)

    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    # boto3 waits between its attempts; the signed clients have retries of their own.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(aws, "SignedClient", client)
    monkeypatch.setattr(object_client, "ObjectClient", lambda **_: client("s3"))


@pytest.fixture
def refusing_port() -> Iterator[int]:
    """A port of the loopback address that refuses connections and is bound to no other socket."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage meanwhile, nor later among the modules: that takes half as long again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test during which a planted word was printed or logged.

    What a command of a failed test said is a part of its report.
    """
    report = yield
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, subprocess.CalledProcessError):
        report.sections += [
            (f"Captured {name} of the command", str(text))
            for name, text in (("stdout", error.stdout), ("stderr", error.stderr))
            if text
        ]
    if report.when != "setup" and report.passed:
        leaked = [*leaks(text for name, text in report.sections if name.startswith("Captured"))]
        if leaked:
            report.outcome = "failed"
            report.longrepr = "a planted word was printed or logged:\n" + "\n".join(leaked)
    return report
