"""Versions of a function, by boto3's own idea of Lambda's answers."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from bridge.adapters.aws.lambda_versions import LambdaVersions
from bridge.errors import UnavailableError


@pytest.fixture
def lambdas() -> Iterator[tuple[LambdaVersions, Stubber]]:
    client = boto3.client("lambda", region_name="eu-central-1")
    with Stubber(client) as stubber:
        yield LambdaVersions(client, "receiver", lambda: 124.9), stubber
        stubber.assert_no_pending_responses()


def answer(content: object, **more: Any) -> dict[str, Any]:
    text = json.dumps(content).encode()
    return {"StatusCode": 200, "Payload": StreamingBody(io.BytesIO(text), len(text)), **more}


def test_published_version_is_awaited(lambdas: tuple[LambdaVersions, Stubber]) -> None:
    versions, aws = lambdas
    aws.add_response("publish_version", {"Version": "7"}, {"FunctionName": "receiver"})
    aws.add_response(
        "get_function_configuration", {"State": "Active"}, {"FunctionName": "receiver:7"}
    )

    assert versions.publish() == "7"


def test_version_that_fails_to_start_is_deleted_and_its_reason_reported(
    lambdas: tuple[LambdaVersions, Stubber],
) -> None:
    versions, aws = lambdas
    aws.add_response("publish_version", {"Version": "7"})
    failed = {"State": "Failed", "StateReasonCode": "FunctionError"}
    aws.add_response("get_function_configuration", failed)
    aws.add_response("delete_function", {}, {"FunctionName": "receiver:7"})

    with pytest.raises(UnavailableError, match="version 7 did not start: FunctionError"):
        versions.publish()


def test_slow_snapshot_is_unavailable_before_the_deadline(
    lambdas: tuple[LambdaVersions, Stubber],
) -> None:
    versions, aws = lambdas
    aws.add_response("publish_version", {"Version": "7"})
    aws.add_response("get_function_configuration", {"State": "Pending"})

    with pytest.raises(UnavailableError, match="version 7 is not active yet"):
        versions.publish()


def test_response_of_a_version_is_read(lambdas: tuple[LambdaVersions, Stubber]) -> None:
    versions, aws = lambdas
    event = {"FunctionName": "receiver:7", "Payload": b'{"a": 1}'}
    aws.add_response("invoke", answer({"statusCode": 200}), event)

    assert versions.invoke("7", {"a": 1}) == ({"statusCode": 200}, "")


def test_error_of_a_version_is_reported_with_its_type(
    lambdas: tuple[LambdaVersions, Stubber],
) -> None:
    versions, aws = lambdas
    content = {"errorType": "Runtime.ImportModuleError", "errorMessage": "TOPSECRET"}
    aws.add_response("invoke", answer(content, FunctionError="Unhandled"))

    assert versions.invoke("7", {}) == (None, "Runtime.ImportModuleError")


def test_old_versions_are_deleted_unless_an_alias_refers_to_them_or_they_are_named(
    lambdas: tuple[LambdaVersions, Stubber],
) -> None:
    versions, aws = lambdas
    names = ["$LATEST", *map(str, range(1, 12))]
    aws.add_response("list_versions_by_function", {"Versions": [{"Version": n} for n in names]})
    aliases = [
        {"FunctionVersion": "2", "RoutingConfig": {"AdditionalVersionWeights": {"4": 0.1}}},
        {"FunctionVersion": "11"},
    ]
    aws.add_response("list_aliases", {"Aliases": aliases})
    for version in (1, 5, 6):
        aws.add_response("delete_function", {}, {"FunctionName": f"receiver:{version}"})

    versions.prune(5, {"3"})


def test_few_versions_are_kept(lambdas: tuple[LambdaVersions, Stubber]) -> None:
    versions, aws = lambdas
    names = ["$LATEST", "1", "2"]
    aws.add_response("list_versions_by_function", {"Versions": [{"Version": n} for n in names]})
    aws.add_response("list_aliases", {"Aliases": []})

    versions.prune(5, ())


def test_rejected_call_names_the_failed_operation(
    lambdas: tuple[LambdaVersions, Stubber],
) -> None:
    versions, aws = lambdas
    for operation in (
        "publish_version",
        "invoke",
        "delete_function",
        "list_versions_by_function",
    ):
        aws.add_client_error(operation, "AccessDeniedException")

    with pytest.raises(UnavailableError, match="cannot be published: AccessDeniedException"):
        versions.publish()
    with pytest.raises(UnavailableError, match="cannot be invoked: AccessDeniedException"):
        versions.invoke("7", {})
    with pytest.raises(UnavailableError, match="version 7 cannot be deleted: AccessDenied"):
        versions.remove("7")
    with pytest.raises(UnavailableError, match="versions cannot be listed: AccessDenied"):
        versions.prune(5, ())
