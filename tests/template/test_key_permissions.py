"""A customer managed key is used only through AWS services and for this stage."""

import pytest

from tests.support.template_policies import (
    ACCOUNT,
    KEY,
    REGION,
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

    def decrypts(value: str) -> bool:
        context = {"kms:ViaService": via, f"kms:EncryptionContext:{key}": value}
        return WITH_KEY.allows(function, "kms:Decrypt", KEY, context)

    assert decrypts(ours) == (service in SERVICES[function])
    assert not decrypts(foreign)
