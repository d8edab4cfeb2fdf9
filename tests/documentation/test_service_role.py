"""The documented service role may do what CloudFormation does for the templates' resources."""

import re
from fnmatch import fnmatchcase

import pytest

from tests.support.sam_template import ROOT, resources, source_resources

OF_SAM = {
    "AWS::Serverless::Function": {
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
    },
    "AWS::Serverless::LayerVersion": {"AWS::Lambda::LayerVersion"},
}
"""What SAM makes of its types for this template, except aliases and rules, which it also has."""
NOT_USED = {
    # VPCs, file systems, imports, replicas, streams and managed policies.
    *("codedeploy:*", "ec2:*", "elasticfilesystem:*", "firehose:*", "kinesis:*", "s3files:*"),
    "s3tables:*",
    *("s3:ListBucket", "s3:GetObjectMetadata", "s3:getObject", "s3:REST.PUT.OBJECT"),
    *("kms:ListAliases", "kms:RevokeGrant", "iam:CreateServiceLinkedRole"),
    *("iam:ListRoles", "iam:*RolePermissionsBoundary", "iam:*UserPolicy", "iam:*GroupPolicy"),
}
"""Permissions in the schemas for properties that the template does not have."""
ACCESS_LOGS = {
    "logs:CreateLogDelivery",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:CreateLogGroup",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:DescribeLogGroups",
}
"""API Gateway developer guide, "Configuring logging for an HTTP API"."""


def documented() -> set[str]:
    """The actions in the table of the service role."""
    page = (ROOT / "docs" / "operations.md").read_text()
    table = page.partition("The service role, which trusts")[2].partition("\n\nEach build")[0]
    cells = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `")]
    cells += [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| with ")]
    return set(re.findall(r"`([a-z0-9]+:[A-Za-z*]+)`", " ".join(cells)))


def types() -> set[str]:
    """The types of the resources after SAM's transform, without custom resources."""
    found = {item["Type"] for item in (*resources().values(), *source_resources().values())}
    made = set().union(*(OF_SAM.get(kind, {kind}) for kind in found))
    return {kind for kind in made if kind.startswith("AWS::")}


def permissions(kind: str) -> set[str]:
    """What the handlers of a type call, from its schema in the registry."""
    # Slow to load, and most processes of tests need it not.
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # noqa: PLC0415

    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-central-1", kind).schema
    return {action for each in schema["handlers"].values() for action in each["permissions"]}


def matches(action: str, patterns: set[str]) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in patterns)


@pytest.mark.parametrize("kind", sorted(types()))
def test_service_role_may_manage_every_type_of_the_template(kind: str) -> None:
    missing = {
        action for action in permissions(kind) if not matches(action, documented() | NOT_USED)
    }

    assert missing == set()


def test_service_role_may_tag_event_source_mappings() -> None:
    """They get the stack's tags, and `lambda:FunctionArn` is no condition of these actions.

    https://docs.aws.amazon.com/lambda/latest/dg/tags-esm.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    """
    page = (ROOT / "docs" / "operations.md").read_text()
    [row] = [line for line in page.splitlines() if "event-source-mapping:*" in line]

    assert {"lambda:ListTags", "lambda:TagResource", "lambda:UntagResource"} <= set(
        re.findall(r"`(lambda:\w+)`", row)
    )


def test_who_deploys_sources_may_manage_the_policy_of_the_forwarder() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    sentence = page.partition("Who deploys sources needs")[2].partition("\n\n")[0]
    of_roles = {action for action in permissions("AWS::IAM::Policy") if "Role" in action}

    assert of_roles == set(re.findall(r"`(iam:\w+)`", sentence))


def test_service_role_may_invoke_the_custom_resources_and_deliver_access_logs() -> None:
    assert "lambda:InvokeFunction" in documented()
    assert {action for action in ACCESS_LOGS if not matches(action, documented())} == set()
    # Without a resource of their own they need `*`, so they are named.
    assert "logs:CreateLogDelivery" in documented()
