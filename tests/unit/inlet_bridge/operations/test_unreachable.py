"""Tests of the reasons why an account cannot be asked."""

from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    ConnectionClosedError,
    EndpointConnectionError,
    InvalidConfigError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    SSLError,
    UnauthorizedSSOTokenError,
)

from inlet_bridge.operations.errors import NoAccountError, OperationError
from inlet_bridge.operations.unreachable import explained, rejection, unreachable

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
def test_without_an_account_the_stack_is_known_to_who_names_the_way_out(exc: BotoCoreError) -> None:
    found = unreachable(exc, {}, stack="nope")

    assert isinstance(found, NoAccountError)
    assert str(found).startswith("AWS cannot be asked: ")
    assert found.stack == "nope"
    assert "AWS_REGION" in found.hint


@pytest.mark.parametrize(
    ("exc", "reason", "hint"),
    [
        (ProfileNotFound(profile="shop"), "there is no profile shop", "list-profiles"),
        (
            EndpointConnectionError(endpoint_url="https://logs.eu-west-1.amazonaws.com/"),
            "logs.eu-west-1.amazonaws.com does not answer",
            "proxy",
        ),
        (
            ProxyConnectionError(proxy_url="http://name:CANARY@proxy", error=OSError("CANARY")),
            "its endpoint does not answer",
            "proxy",
        ),
        (
            SSLError(endpoint_url="https://ssm.eu-west-1.amazonaws.com/", error=OSError("CANARY")),
            "the certificate of ssm.eu-west-1.amazonaws.com is not trusted",
            "AWS_CA_BUNDLE",
        ),
        (InvalidRegionError(region_name="a b"), "the region is no name of a region", "eu-west-1"),
        (
            InvalidConfigError(error_msg="CANARY"),
            "the configuration of the AWS CLI cannot be read",
            "~/.aws/config",
        ),
        (
            UnauthorizedSSOTokenError(),
            "the session of the profile has ended",
            "aws sso login",
        ),
        (
            PartialCredentialsError(provider="env", cred_var="CANARY"),
            "the credentials of the profile are incomplete or cannot be read",
            "aws sts get-caller-identity",
        ),
        (
            ConfigParseError(path="CANARY", error=OSError("CANARY")),
            "the configuration of the AWS CLI cannot be read",
            "~/.aws/config",
        ),
        (
            ParamValidationError(report="CANARY"),
            "the request cannot be made (ParamValidationError)",
            "AWS_PROFILE",
        ),
    ],
)
def test_other_reasons_are_a_sentence_with_the_way_out(
    exc: BotoCoreError, reason: str, hint: str
) -> None:
    found = unreachable(exc, {})

    assert str(found) == f"AWS cannot be asked: {reason}"
    assert hint in found.hint
    assert "CANARY" not in f"{found} {found.hint}"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            {"Code": "AccessDenied", "Message": "You may not do that."},
            "AWS rejected GetItem: AccessDenied: You may not do that",
        ),
        ({"Code": "Throttling"}, "AWS rejected GetItem: Throttling"),
        ({}, "AWS rejected GetItem"),
    ],
)
def test_rejection_has_the_words_of_aws_only(error: Any, sentence: str) -> None:
    exc = ClientError({"Error": error}, "GetItem")

    assert rejection(exc) == explained(exc) == sentence


def test_errors_of_operations_explain_themselves() -> None:
    assert explained(OperationError("it failed")) == "it failed"
    assert explained(ProfileNotFound(profile="shop")).endswith("there is no profile shop")
