"""The local cloud behaves as AWS where MiniStack does not; it runs without a deployment."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from inlet_bridge.local.cloud import REGION, Cloud
from inlet_bridge.local.ministack import start_ministack

MOST_IN_FLIGHT = 12


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """MiniStack with few messages in flight."""
    program, cloud = start_ministack(tmp_path_factory.mktemp("cloud"), MOST_IN_FLIGHT)
    with program:
        yield cloud


@pytest.fixture
def queue(cloud: Cloud, request: pytest.FixtureRequest) -> str:
    """The URL of an empty queue."""
    return str(cloud.client("sqs").create_queue(QueueName=request.node.name[:80])["QueueUrl"])


def client_allowed(cloud: Cloud, service: str, *actions: str) -> Any:
    """A client whose user may do only this."""
    iam = cloud.client("iam")
    name = "-".join(actions).replace(":", "-") or "nothing"
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": [*actions], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="it", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    untyped: Any = boto3  # It has no type for a variable name.
    return untyped.client(
        service,
        endpoint_url=cloud.endpoint,
        region_name=REGION,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )


def test_batch_operations_of_sqs_need_the_actions_of_single_messages(
    cloud: Cloud, queue: str
) -> None:
    entry = {"Id": "0", "MessageBody": "text"}
    sender = client_allowed(cloud, "sqs", "sqs:SendMessage")
    assert sender.send_message_batch(QueueUrl=queue, Entries=[entry])["Successful"]

    [message] = cloud.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    received = {"Id": "0", "ReceiptHandle": message["ReceiptHandle"]}
    hider = client_allowed(cloud, "sqs", "sqs:ChangeMessageVisibility")
    hidden = [received | {"VisibilityTimeout": 60}]
    assert hider.change_message_visibility_batch(QueueUrl=queue, Entries=hidden)["Successful"]
    deleter = client_allowed(cloud, "sqs", "sqs:DeleteMessage")
    assert deleter.delete_message_batch(QueueUrl=queue, Entries=[received])["Successful"]

    with pytest.raises(ClientError, match="AccessDenied"):
        deleter.send_message_batch(QueueUrl=queue, Entries=[entry])


def test_publishing_a_batch_needs_the_action_of_a_single_message(cloud: Cloud) -> None:
    topic = cloud.client("sns").create_topic(Name="it")["TopicArn"]
    publisher = client_allowed(cloud, "sns", "sns:Publish")
    entries = [{"Id": "0", "Message": "text"}]

    assert publisher.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Successful"]


def test_queue_at_its_limit_of_messages_in_flight_returns_nothing(cloud: Cloud, queue: str) -> None:
    sqs = cloud.client("sqs")
    for number in range(MOST_IN_FLIGHT + 3):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number))
    receive = {"QueueUrl": queue, "MaxNumberOfMessages": 10}
    taken = [m for _ in range(2) for m in sqs.receive_message(**receive)["Messages"]]

    assert len(taken) == MOST_IN_FLIGHT
    assert "Messages" not in sqs.receive_message(**receive, WaitTimeSeconds=1)
    with pytest.raises(ClientError, match="OverLimit"):
        sqs.receive_message(**receive)

    sqs.delete_message(QueueUrl=queue, ReceiptHandle=taken[0]["ReceiptHandle"])
    assert len(sqs.receive_message(**receive)["Messages"]) == 1


@pytest.mark.parametrize("loop", ["Allow", "Terminate"])
def test_recursive_loop_of_a_template_is_a_setting_of_the_function(cloud: Cloud, loop: str) -> None:
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": f"loop-{loop}",
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": "arn:aws:iam::000000000000:role/it",
            "Code": {"ZipFile": "def handler(event, context): pass"},
            "RecursiveLoop": loop,
        },
    }
    stacks = cloud.client("cloudformation")
    body = json.dumps({"Resources": {"Function": function}})
    stacks.create_stack(StackName=f"loop-{loop}", TemplateBody=body)
    stacks.get_waiter("stack_create_complete").wait(
        StackName=f"loop-{loop}", WaiterConfig={"Delay": 1}
    )

    functions = cloud.client("lambda")
    answer = functions.get_function_recursion_config(FunctionName=f"loop-{loop}")
    assert answer["RecursiveLoop"] == loop
