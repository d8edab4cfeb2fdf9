"""The local cloud behaves as AWS where MiniStack does not; it runs without a deployment."""

import json
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from inlet_bridge.local.cloud import REGION, Cloud
from inlet_bridge.local.ministack import start_ministack
from tests.support.waiting import eventually

MOST_IN_FLIGHT = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where MiniStack keeps its state."""
    return tmp_path_factory.mktemp("cloud")


@pytest.fixture(scope="module")
def cloud(folder: Path) -> Iterator[Cloud]:
    """MiniStack with few messages in flight."""
    program, cloud = start_ministack(folder, MOST_IN_FLIGHT)
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
    session: Any = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)
    return session.client(service, endpoint_url=cloud.endpoint)


def zipped(name: str, text: str) -> bytes:
    """An archive with a file."""
    packed = BytesIO()
    with ZipFile(packed, "w") as content:
        content.writestr(name, text)
    return packed.getvalue()


def create_function(cloud: Cloud, name: str, code: bytes, layers: Sequence[str] = ()) -> str:
    """Create a function of `it.handler`; returns its ARN."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    policy = {"Version": "2012-10-17", "Statement": [{**trust, "Action": "sts:AssumeRole"}]}
    role = cloud.client("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps(policy)
    )
    created = cloud.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="it.handler",
        Code={"ZipFile": code},
        Layers=list(layers),
    )
    return str(created["FunctionArn"])


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


def test_environments_share_the_layers_that_they_read(cloud: Cloud, folder: Path) -> None:
    """A second one would take as long as the first, and delete as many files."""
    reading = "import text\ndef handler(event, _): return text.VALUE, text.__file__"
    answers = []
    # An archive has the time of its making.
    layers = {value: zipped("python/text.py", f"VALUE = {value!r}") for value in ("one", "two")}
    for name, value in (("first", "one"), ("second", "one"), ("third", "two")):
        layer = cloud.client("lambda").publish_layer_version(
            LayerName="texts", Content={"ZipFile": layers[value]}
        )
        create_function(cloud, name, zipped("it.py", reading), [layer["LayerVersionArn"]])
        answer = cloud.client("lambda").invoke(FunctionName=name)
        answers.append(json.loads(answer["Payload"].read()))

    assert [value for value, _ in answers] == ["one", "one", "two"]
    copies = [each.read_text() for each in folder.rglob("text.py") if not each.is_symlink()]
    assert sorted(copies) == ["VALUE = 'one'", "VALUE = 'two'"]


def test_environment_imports_botocore_only_if_the_function_does(cloud: Cloud) -> None:
    code = "import sys\ndef handler(event, _): return 'botocore' in sys.modules"
    create_function(cloud, "imports", zipped("it.py", code))
    answer = cloud.client("lambda").invoke(FunctionName="imports")
    assert json.loads(answer["Payload"].read()) is False


def test_response_has_the_request_id_that_the_function_got(cloud: Cloud) -> None:
    """`inlet why` finds a rejected request by it."""
    code = "def handler(event, _): return event['requestContext']['requestId']"
    function = create_function(cloud, "echo", zipped("it.py", code))
    apis = cloud.client("apigatewayv2")
    api = apis.create_api(Name="it", ProtocolType="HTTP")["ApiId"]
    integration = apis.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=function,
        PayloadFormatVersion="2.0",
    )["IntegrationId"]
    apis.create_route(ApiId=api, RouteKey="POST /it", Target=f"integrations/{integration}")
    apis.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    address = urlsplit(cloud.endpoint)

    responses = [
        requests.post(
            f"{cloud.endpoint}/it",
            headers={"host": f"{api}.execute-api.localhost:{address.port}"},
            timeout=60,
        )
        for _ in range(2)
    ]

    ids = [response.headers["apigw-requestid"] for response in responses]
    assert [response.text.strip('"') for response in responses] == ids
    assert len(set(ids)) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9+/]{15}=", each) for each in ids)


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


def test_export_that_is_imported_can_neither_be_changed_nor_deleted(cloud: Cloud) -> None:
    def exporting(value: str, name: str = "it-Name") -> dict[str, Any]:
        parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}
        output = {"Value": value, "Export": {"Name": name}}
        return {"Resources": {"It": parameter}, "Outputs": {"Name": output}}

    value = {"Fn::ImportValue": "it-Name"}
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}
    assert ended(cloud, "create", "exporting", exporting("first")) == "CREATE_COMPLETE"
    importing = {"Resources": {"It": parameter}}
    assert ended(cloud, "create", "importing", importing) == "CREATE_COMPLETE"

    stacks = cloud.client("cloudformation")
    for changed, reason in (
        (exporting("second"), "Export it-Name cannot be updated as it is in use by importing"),
        (exporting("first", "other"), "Export it-Name cannot be deleted as it is in use"),
    ):
        assert ended(cloud, "update", "exporting", changed) == "UPDATE_ROLLBACK_COMPLETE"
        events = stacks.describe_stack_events(StackName="exporting")["StackEvents"]
        assert any(reason in event.get("ResourceStatusReason", "") for event in events)
    with pytest.raises(ClientError, match="it-Name"):
        stacks.delete_stack(StackName="exporting")

    assert ended(cloud, "delete", "importing") == "DELETE_COMPLETE"
    assert ended(cloud, "update", "exporting", exporting("second")) == "UPDATE_COMPLETE"
    assert ended(cloud, "delete", "exporting") == "DELETE_COMPLETE"


def ended(cloud: Cloud, action: str, name: str, template: dict[str, Any] | None = None) -> str:
    """Create, update or delete a stack; the status that it ends with."""
    client = cloud.client("cloudformation")
    body = {"TemplateBody": json.dumps(template)} if template else {}
    stack_id = name
    if action != "create":
        stack_id = client.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
    getattr(client, f"{action}_stack")(StackName=name, **body)

    def status() -> str:
        return str(client.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"])

    assert eventually(lambda: not status().endswith("IN_PROGRESS"))
    return status()


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
