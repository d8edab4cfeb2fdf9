"""Tests of the reasons why an account cannot be asked."""

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
)

from inlet_bridge.operations.unreachable import unreachable

LOCAL = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}


@pytest.mark.parametrize(
    "exc",
    [
        EndpointConnectionError(endpoint_url="http://127.0.0.1:4566/"),
        ConnectionClosedError(endpoint_url="http://127.0.0.1:4566/"),
    ],
)
def test_local_cloud_that_ended_is_one_sentence(exc: BotoCoreError) -> None:
    found = unreachable(exc, LOCAL)

    assert str(found) == "the local cloud on http://127.0.0.1:4566 does not answer"
    assert "make run" in found.hint


@pytest.mark.parametrize("exc", [NoRegionError(), NoCredentialsError()])
def test_without_an_account_the_missing_local_cloud_is_named(exc: BotoCoreError) -> None:
    found = unreachable(exc, {}, running=dict)

    assert str(found).startswith("no local cloud is running, and AWS cannot be asked: ")
    assert "make run" in found.hint
    assert "AWS_REGION" in found.hint


def test_stack_that_the_running_local_cloud_lacks_is_named() -> None:
    running = {"BRIDGE_STACK": "inlet-bridge-local"}
    found = unreachable(NoCredentialsError(), {}, stack="nope", running=lambda: running)

    said = "the local cloud has no stack nope; it has inlet-bridge-local; and AWS cannot be asked"
    assert str(found).startswith(said)
    assert "Leave --stack out" in found.hint
    assert "no local cloud" not in str(found)


def test_other_reasons_are_those_of_the_sdk() -> None:
    for exc in (
        ProfileNotFound(profile="shop"),
        EndpointConnectionError(endpoint_url="https://logs.eu-west-1.amazonaws.com/"),
    ):
        assert str(unreachable(exc, {})) == f"AWS cannot be asked: {exc}"
