"""Each function has its own role, which allows only the calls of its adapters."""

import ast
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from tests.support.sam_template import ROOT, functions, resources

ADAPTERS = ROOT / "layers" / "bridge" / "bridge" / "adapters" / "aws"
CLIENTS = {
    "ssm": "ssm",
    "ssm_tokens": "ssm",
    "ssm_versions": "ssm",
    "sqs": "sqs",
    "dynamodb": "dynamodb",
    "dynamodb_attempts": "dynamodb",
    "kept_bodies": "dynamodb",
    "kept_objects": "s3",
    "failed_records": "dynamodb",
    "ingestion_records": "dynamodb",
    "lambda_versions": "lambda",
    "metric_history": "cloudwatch",
    "waiting_records": "dynamodb",
    "stacks": "cloudformation",
}
"""The AWS service by the module that calls it."""

# For the key that encrypts parameters, queues, the table and the environment.
KEY = {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"}
TRACING = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
LOGGING = {"logs:CreateLogStream", "logs:PutLogEvents"}
# SSM calls it for callers that read /aws/reference/secretsmanager/.
REFERRED = {"secretsmanager:GetSecretValue"}
# Lambda polls the queue with the function's role.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
POLLING = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
# API calls that have no IAM action (Service Authorization Reference, "Amazon SQS").
ALLOWED_BY = {"sqs:SendMessageBatch": "sqs:SendMessage", "lambda:Invoke": "lambda:InvokeFunction"}
WAITERS = {"published_version_active": "get_function_configuration"}
"""The API call of each boto3 waiter."""


def statements(function: str) -> Iterator[dict[str, Any]]:
    """Statements of a function's role, conditional ones included."""
    role = functions()[function]["Role"]["Fn::GetAtt"][0]
    for policy in resources()[role]["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            either = statement["Fn::If"][1:] if "Fn::If" in statement else [statement]
            yield from (each for each in either if each != {"Ref": "AWS::NoValue"})


def allowed(function: str) -> set[str]:
    actions = [statement["Action"] for statement in statements(function)]
    return {
        action for given in actions for action in ([given] if isinstance(given, str) else given)
    }


def _methods(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(value=ast.Name("self"), attr="_client"),
                    attr="get_paginator" | "get_waiter",
                ),
                args=[ast.Constant(str(name))],
            ):
                yield WAITERS.get(name, name)
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(value=ast.Name("self"), attr="_client"), attr=str(name)
                )
            ) if name not in {"get_paginator", "get_waiter"}:
                yield name


def adapter_classes(module: str) -> dict[str, ast.ClassDef]:
    """The classes of a module that call `self._client`, by name."""
    tree = ast.parse((ADAPTERS / f"{module}.py").read_text())
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return {each.name: each for each in classes if [*_methods(each)]}


CLASSES = {
    name: (module, node) for module in CLIENTS for name, node in adapter_classes(module).items()
}


def called(adapter: str) -> set[str]:
    """The IAM actions of the API calls of an adapter, a class."""
    module, node = CLASSES[adapter]
    service = CLIENTS[module]
    session: Any = boto3.Session()  # The stubs want the service's name as a literal.
    names = session.client(service).meta.method_to_api_mapping
    calls = {f"{service}:{names[method]}" for method in _methods(node)}
    return {ALLOWED_BY.get(call, call) for call in calls}


SHARED = {
    node.name: node
    for node in ast.parse((ADAPTERS.parent.parent / "wiring.py").read_text()).body
    if isinstance(node, ast.FunctionDef)
}
"""The functions of `bridge.wiring`, which several functions of the template call."""


def _imported(tree: ast.AST) -> set[str]:
    """The names that a file, or a function of a file, imports from `bridge`."""
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("bridge.adapters.", "bridge.wiring"))
        for alias in node.names
    }


def adapters_of(function: str) -> set[str]:
    """The adapters, classes that call AWS, that the files of a function and its wiring import."""
    folder = ROOT / functions()[function]["CodeUri"]
    imported = set().union(
        *(_imported(ast.parse(file.read_text())) for file in folder.glob("*.py"))
    )
    for name in imported & SHARED.keys():
        imported |= _imported(SHARED[name])
    return imported & CLASSES.keys()


def test_every_adapter_with_an_aws_client_is_listed() -> None:
    with_client = {
        path.stem for path in ADAPTERS.glob("*.py") if "self._client" in path.read_text()
    }

    assert with_client == CLIENTS.keys()


def test_every_function_has_its_own_role() -> None:
    roles = [properties["Role"]["Fn::GetAtt"][0] for properties in functions().values()]

    assert len(set(roles)) == len(functions())
    kinds = {name for name, item in resources().items() if item["Type"] == "AWS::IAM::Role"}
    assert kinds == set(roles)
    for role in roles:
        [trust] = resources()[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert "ManagedPolicyArns" not in resources()[role]["Properties"]


@pytest.mark.parametrize("function", list(functions()))
def test_no_statement_has_a_wildcard_resource_or_action(function: str) -> None:
    for statement in statements(function):
        listed = statement["Resource"]
        for resource in listed if isinstance(listed, list) else [listed]:
            text = resource if isinstance(resource, str) else str(resource.get("Fn::Sub", ""))
            # The parameter AdobeCredentials allows neither * nor ?.
            chosen = "parameter${AdobeCredentials}" in text or ":secret:${Name}-??????" in text
            indexes = {f"${{Deliveries.Arn}}/index/{name}" for name in ("Open", "Sent")}
            below = {"${ReceiverFunction.Arn}:*", "${KeptBodiesBucket.Arn}/*", *indexes}
            of_stage = "/${Stage}/" in text or text in below
            key = resource == {"Ref": "KmsKeyArn"}
            own_stack = resource == {"Ref": "AWS::StackId"}
            # Actions without resource types (Service Authorization Reference, "AWS X-Ray" and
            # "Amazon CloudWatch").
            unnamed = statement["Sid"] in {"WriteTraces", "ReadMetrics"}
            named = "Fn::GetAtt" in resource or of_stage or chosen or key or own_stack or unnamed
            assert named, statement["Sid"]
        assert "NotAction" not in statement
        assert "NotResource" not in statement
        assert statement["Effect"] == "Allow"
    assert not any("*" in action for action in allowed(function))


@pytest.mark.parametrize("function", list(functions()))
def test_role_allows_no_action_that_its_adapters_do_not_call(function: str) -> None:
    calls = set().union(*(called(adapter) for adapter in adapters_of(function)))
    events = functions()[function].get("Events", {}).values()
    polls = POLLING if any(event["Type"] == "SQS" for event in events) else set()

    assert allowed(function) - LOGGING - REFERRED - KEY - TRACING - polls <= calls


def test_every_call_of_an_adapter_is_allowed_by_some_role() -> None:
    everything = set().union(*(allowed(function) for function in functions()))

    assert set().union(*(called(adapter) for adapter in CLASSES)) <= everything


@pytest.mark.parametrize("function", list(functions()))
def test_functions_write_kept_bodies_and_cannot_read_them(function: str) -> None:
    places = [{"Fn::GetAtt": ["KeptBodies", "Arn"]}, {"Fn::Sub": "${KeptBodiesBucket.Arn}/*"}]
    about = [each for each in statements(function) if each["Resource"] in places]

    assert {each["Action"] for each in about} <= {"dynamodb:PutItem", "s3:PutObject"}
    assert bool(about) == (function in {"ReceiverFunction", "ForwarderFunction"})


@pytest.mark.parametrize("function", list(functions()))
def test_role_writes_only_its_own_log_group(function: str) -> None:
    [logs] = [item for item in statements(function) if item["Action"] == sorted(LOGGING)]

    group = functions()[function]["LoggingConfig"]["LogGroup"]["Ref"]
    assert logs["Resource"] == {"Fn::GetAtt": [group, "Arn"]}
