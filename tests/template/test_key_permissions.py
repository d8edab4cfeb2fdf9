"""A customer managed key is used only through AWS services and for this stage."""

import pytest

from tests.support.template_policies import (
    ACCOUNT,
    KEY,
    REGION,
    Deployment,
    arn,
    deployment,
    folders,
    parameter,
)

DEFAULT = deployment(Stage="dev")
WITH_KEY = deployment(Stage="dev", KmsKeyArn=KEY, EventSourceName="events")
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
VIA = ("dynamodb", "lambda", "s3", "secretsmanager", "sqs", "ssm")
SERVICES = {
    "receiver": {*VIA},
    "forwarder": {*VIA},
    "provisioner": {"lambda", "secretsmanager", "ssm"},
    "preflight": {"lambda", "ssm"},
    "watch": {"dynamodb", "lambda"},
    "reconciler": {"dynamodb", "lambda", "secretsmanager", "ssm"},
}
ACTIONS = {
    "watch": {"kms:Decrypt"},
    "preflight": {"kms:Decrypt", "kms:Encrypt"},
}
KMS = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")


@pytest.mark.parametrize("function", folders())
def test_key_is_used_only_through_services(function: str) -> None:
    for action in KMS:
        assert not WITH_KEY.allows(function, action, KEY)
        for service in (*VIA, "logs", "ec2", "sns"):
            wanted = service in SERVICES[function] and action in ACTIONS.get(function, KMS)
            for suffix in ("amazonaws.com", "amazonaws.com.cn"):
                via = {"kms:ViaService": f"{service}.{REGION}.{suffix}"}
                assert wanted == WITH_KEY.allows(function, action, KEY, via)
                assert not DEFAULT.allows(function, action, KEY, via)
            elsewhere = {"kms:ViaService": f"{service}.us-west-2.amazonaws.com"}
            assert not WITH_KEY.allows(function, action, KEY, elsewhere)


FORMER = KEY.replace("1234abcd", "9876abcd")
CHANGED = deployment(Stage="dev", KmsKeyArn=KEY, FormerKmsKeyArn=FORMER, EventSourceName="events")
WITHOUT_KEY = deployment(Stage="dev", FormerKmsKeyArn=FORMER, EventSourceName="events")


@pytest.mark.parametrize("deployed", [CHANGED, WITHOUT_KEY])
@pytest.mark.parametrize("function", folders())
def test_former_key_decrypts_what_was_stored_with_it(deployed: Deployment, function: str) -> None:
    for service in (*VIA, "logs", "ec2", "sns"):
        via = {"kms:ViaService": f"{service}.{REGION}.amazonaws.com"}
        assert deployed.allows(function, "kms:Decrypt", FORMER, via) == (service in VIA)
        assert not deployed.allows(function, "kms:Encrypt", FORMER, via)
        assert not deployed.allows(function, "kms:GenerateDataKey", FORMER, via)
        assert not WITH_KEY.allows(function, "kms:Decrypt", FORMER, via)
    assert not deployed.allows(function, "kms:Decrypt", FORMER)


def test_forwarder_reads_events_that_wait_with_a_former_key() -> None:
    via = {"kms:ViaService": f"sqs.{REGION}.amazonaws.com"}
    context, events = "kms:EncryptionContext:aws:sqs:arn", arn("Events")

    assert CHANGED.allows("forwarder", "kms:Decrypt", FORMER, {**via, context: events})
    assert not CHANGED.allows("forwarder", "kms:Decrypt", FORMER, {**via, context: f"{events}2"})


@pytest.mark.parametrize(
    ("service", "key", "ours", "foreign"),
    [
        (
            "ssm",
            "PARAMETER_ARN",
            parameter("/inlet-bridge/dev/secrets/preflight"),
            parameter("/inlet-bridge/prod/secrets/preflight"),
        ),
        (
            "secretsmanager",
            "SecretARN",
            f"{SECRET}inlet-bridge/dev/github-a1b2c3",
            f"{SECRET}inlet-bridge/prod/github-a1b2c3",
        ),
        ("sqs", "aws:sqs:arn", arn("Buffer"), f"{arn('Buffer')}2"),
        ("dynamodb", "aws:dynamodb:tableName", "Deliveries", "Others"),
        ("s3", "aws:s3:arn", arn("KeptBodiesBucket"), f"{arn('KeptBodiesBucket')}2"),
    ],
)
@pytest.mark.parametrize("function", folders())
def test_key_decrypts_only_resources_of_this_stage(
    function: str, service: str, key: str, ours: str, foreign: str
) -> None:
    via = f"{service}.{REGION}.amazonaws.com"

    def decrypts(value: str, used: str = KEY) -> bool:
        context = {"kms:ViaService": via, f"kms:EncryptionContext:{key}": value}
        return CHANGED.allows(function, "kms:Decrypt", used, context)

    assert decrypts(ours) == (service in SERVICES[function])
    assert not decrypts(foreign)
    assert decrypts(ours, FORMER)
    assert not decrypts(foreign, FORMER)
