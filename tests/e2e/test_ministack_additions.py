"""What the local cloud has that MiniStack alone does not, and what it refuses with a reason."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.ministack import start_ministack
from inlet_bridge.local.workspace import ARCHITECTURE
from tests.support.waiting import eventually


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    program, cloud = start_ministack(tmp_path_factory.mktemp("cloud"))
    with program:
        yield cloud


def created(cloud: Cloud, name: str, template: dict[str, Any]) -> dict[str, Any]:
    """The stack, when it has ended."""
    client = cloud.client("cloudformation")
    client.create_stack(StackName=name, TemplateBody=json.dumps(template))

    def stack() -> dict[str, Any]:
        return dict(client.describe_stacks(StackName=name)["Stacks"][0])

    assert eventually(lambda: not stack()["StackStatus"].endswith("IN_PROGRESS"))
    return stack()


def test_saved_queries_and_alarms_on_expressions_are_accepted(cloud: Cloud) -> None:
    metric = {"Namespace": "AWS/SQS", "MetricName": "NumberOfMessagesSent"}
    stat = {"Metric": metric, "Period": 60, "Stat": "Sum"}
    template = {
        "Resources": {
            "Query": {
                "Type": "AWS::Logs::QueryDefinition",
                "Properties": {"Name": "it", "QueryString": "fields @message"},
            },
            "Alarm": {
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {
                    "Metrics": [{"Id": "m", "MetricStat": stat}],
                    "ComparisonOperator": "GreaterThanThreshold",
                    "EvaluationPeriods": 1,
                    "Threshold": 0,
                },
            },
        },
        "Outputs": {
            "Query": {"Value": {"Ref": "Query"}},
            "Alarm": {"Value": {"Fn::GetAtt": ["Alarm", "Arn"]}},
        },
    }

    stack = created(cloud, "monitored", template)

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    assert len(outputs["Query"]) == len("00000000-0000-0000-0000-000000000000")
    assert ":alarm:monitored-Alarm-" in outputs["Alarm"]


def test_function_of_another_architecture_fails_with_the_reason(cloud: Cloud) -> None:
    other = {"arm64": "x86_64", "x86_64": "arm64"}[ARCHITECTURE]
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": "arn:aws:iam::000000000000:role/it",
            "Code": {"ZipFile": "def handler(event, context): pass"},
            "Architectures": [other],
        },
    }

    stack = created(cloud, "other", {"Resources": {"Function": function}})

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    events = cloud.client("cloudformation").describe_stack_events(StackName="other")
    reasons = [each.get("ResourceStatusReason", "") for each in events["StackEvents"]]
    assert any(f"deploy with Architecture={ARCHITECTURE}" in reason for reason in reasons)


def test_queues_of_a_dead_letter_queue_are_listed(cloud: Cloud) -> None:
    sqs = cloud.client("sqs")
    dead, *others = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("d", "a", "b"))
    attributes = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
    policy = {"deadLetterTargetArn": attributes["QueueArn"], "maxReceiveCount": 3}
    sqs.set_queue_attributes(QueueUrl=others[0], Attributes={"RedrivePolicy": json.dumps(policy)})

    pages = sqs.get_paginator("list_dead_letter_source_queues")

    assert [page["queueUrls"] for page in pages.paginate(QueueUrl=dead)] == [[others[0]]]
    assert [page["queueUrls"] for page in pages.paginate(QueueUrl=others[0])] == [[]]


@pytest.mark.parametrize("value", ["of {{name}}", "x" * 4_097])
def test_parameter_that_ssm_rejects_is_rejected(cloud: Cloud, value: str) -> None:
    """A reference to another parameter, and a value over 4 kB without the tier for it."""
    ssm: Any = cloud.client("ssm")

    with pytest.raises(ClientError, match="ValidationException"):
        ssm.put_parameter(Name="/a", Value=value, Type="String")
    ssm.put_parameter(Name="/b", Value="x" * 4_097, Type="String", Tier="Advanced", Overwrite=True)
