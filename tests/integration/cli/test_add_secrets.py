"""Tests of how `inlet add` gets and stores the secret, with SSM in process."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
import typer
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from inlet_bridge.cli import chosen_stage
from inlet_bridge.operations.account import secret_store
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from tests.support.adding import PARAMETER, SECRET, properties, run, stored, unchanged


@pytest.mark.parametrize("file", ["secret.txt", "-"])
def test_secret_is_read_from_a_file(folder: Path, ssm: Any, file: str) -> None:
    status, output = run("stripe", "--secret-file", file, typed=f"{SECRET}\r\n")

    assert status == 0, output
    assert stored(ssm) == SECRET


def test_secret_in_the_wrong_encoding_is_asked_for_again(folder: Path, ssm: Any) -> None:
    status, output = run("svix", typed="TOPSECRET!\nMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")

    assert status == 0, output
    assert "it must be base64, with or without the prefix whsec_" in output
    assert stored(ssm, "/inlet-bridge/dev/secrets/svix") == "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_file_with_the_wrong_encoding_changes_nothing(folder: Path, ssm: Any) -> None:
    (folder / "secret.txt").write_text("TOPSECRET!")

    status, output = run("svix", "--secret-file", "secret.txt")

    assert status == 2
    assert "--secret-file" in output
    assert "must be base64" in output
    assert unchanged(folder)
    assert not ssm.describe_parameters()["Parameters"]


@pytest.mark.parametrize(
    ("answer", "value"), [("y", SECRET), ("n", "whsec_old"), ("", "whsec_old")]
)
def test_parameter_that_exists_is_overwritten_only_after_a_question(
    folder: Path, ssm: Any, answer: str, value: str
) -> None:
    ssm.put_parameter(Name=PARAMETER, Value="whsec_old", Type="SecureString")

    status, output = run("stripe", "--secret-file", "secret.txt", typed=f"{answer}\n")

    assert status == 0, output
    assert f"{PARAMETER} exists with another value. Overwrite it? No keeps it." in output
    assert stored(ssm) == value
    assert properties(folder, "StripeSource")


def test_same_secret_is_no_question(folder: Path, ssm: Any) -> None:
    ssm.put_parameter(Name=PARAMETER, Value=SECRET, Type="SecureString")

    status, output = run("stripe", "--secret-file", "secret.txt")

    assert status == 0, output
    assert "Overwrite" not in output


def test_yes_overwrites(folder: Path, ssm: Any) -> None:
    ssm.put_parameter(Name=PARAMETER, Value="whsec_old", Type="SecureString")

    status, output = run("stripe", "--secret-file", "-", "--yes", typed=SECRET)

    assert status == 0
    assert "and the former one for up to 60 s more" in output, "since when it is used"
    assert stored(ssm) == SECRET


def test_standard_input_cannot_answer_a_question(folder: Path, ssm: Any) -> None:
    ssm.put_parameter(Name=PARAMETER, Value="whsec_old", Type="SecureString")

    status, output = run("stripe", "--secret-file", "-", typed=SECRET)

    assert status == 2
    said = " ".join(output.split())
    assert f"the parameter {PARAMETER}, which the source reads, exists with another value" in said
    assert "--yes overwrites it, and --offline keeps it" in said
    assert unchanged(folder)


def test_question_that_nobody_answers_names_how_to_replace_and_to_keep(
    folder: Path, ssm: Any
) -> None:
    ssm.put_parameter(Name=PARAMETER, Value="whsec_old", Type="SecureString")

    status, output = run("stripe", "--secret-file", "secret.txt")

    assert status == 2
    said = " ".join(output.split())
    assert f"the parameter {PARAMETER}, which the source reads, exists with another value" in said
    assert "--yes overwrites it, and --offline keeps it" in said
    assert stored(ssm) == "whsec_old"
    assert run("stripe", "--secret-file", "secret.txt", "--offline")[0] == 0
    assert stored(ssm) == "whsec_old"


def test_without_anybody_to_ask_the_option_is_named(folder: Path, ssm: Any) -> None:
    status, output = run("stripe")

    assert status == 2
    assert "--secret-file" in output
    assert "nobody can be asked" in output
    assert unchanged(folder)


def test_interrupted_question_changes_nothing(
    folder: Path, ssm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(typer, "prompt", interrupt)

    assert run("stripe")[0] != 0
    assert unchanged(folder)
    assert not ssm.describe_parameters()["Parameters"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OperationError("no")])
def test_file_is_unchanged_if_the_secret_is_not_stored(
    folder: Path, ssm: Any, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(secret_store.SecretStore, "put", fail)

    assert run("stripe", "--secret-file", "secret.txt")[0] != 0
    assert unchanged(folder)


def test_without_a_deployment_the_command_for_the_secret_is_printed(folder: Path) -> None:
    with mock_aws():
        status, output = run("stripe", "--secret-file", "secret.txt")
        assert not boto3.client("ssm").describe_parameters()["Parameters"]

    assert status == 0, output
    command = (
        f"aws ssm put-parameter --type SecureString --name {PARAMETER} --value file://secret.txt"
    )
    assert command in output
    assert properties(folder, "StripeSource")


def test_offline_needs_neither_aws_nor_a_secret(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    status, output = run("stripe", "--offline", "--stage", "prod")

    assert status == 0, output
    assert "signed with a test key, and accepted" in output
    assert "--name /inlet-bridge/prod/secrets/stripe" in output
    assert "sam deploy --config-env prod-sources" in output


def test_aws_that_does_not_answer_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://cloudformation")

    monkeypatch.setattr(Deployed, "client", lambda *_: fail(_))

    status, output = run("stripe", "--secret-file", "secret.txt")

    assert status == 1
    assert "Failed: AWS cannot be asked" in output
    assert "--offline" in output
    assert unchanged(folder)


def test_key_of_the_deployment_encrypts_the_secret(folder: Path, ssm: Any) -> None:
    key = "arn:aws:kms:eu-central-1:123456789012:key/a1b2"
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "f6a7b8c9d0"}}
    boto3.client("cloudformation").create_stack(
        StackName="inlet-bridge-prod",
        TemplateBody=json.dumps(
            {"Parameters": {"KmsKeyArn": {"Type": "String"}}, "Resources": {"WebhookApi": bucket}}
        ),
        Parameters=[{"ParameterKey": "KmsKeyArn", "ParameterValue": key}],
    )

    status, output = run("stripe", "--secret-file", "secret.txt", "--stage", "prod")

    assert status == 0, output
    [parameter] = ssm.describe_parameters()["Parameters"]
    assert parameter["Name"] == "/inlet-bridge/prod/secrets/stripe"
    assert parameter["KeyId"] == key


def test_local_cloud_is_found(folder: Path, ssm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Local:
        endpoint = "http://127.0.0.1:4566"

        def client(self, service: str) -> Any:
            untyped: Any = boto3
            return untyped.client(service)

    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "f6a7b8c9d0"}}
    boto3.client("cloudformation").create_stack(
        StackName="inlet-bridge-local",
        TemplateBody=json.dumps({"Resources": {"WebhookApi": bucket}}),
    )
    monkeypatch.setattr(chosen_stage, "running_cloud", lambda **_: Local())

    status, output = run("stripe", "--secret-file", "secret.txt")

    assert status == 0, output
    assert "Using the local cloud on http://127.0.0.1:4566." in output
    assert stored(ssm, "/inlet-bridge/local/secrets/stripe") == SECRET
    assert "http://f6a7b8c9d0.execute-api.localhost:4566/webhooks/stripe" in output
