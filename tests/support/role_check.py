"""Sees that each call of AWS is allowed to the function that makes it, by its role in the template.

Moto takes every call, so that a permission that is missing would be found out at AWS only.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.sam_template import resources, source_resources
from tests.support.template_policies import KEY, REGION, Deployment, arn, deployment, parameter

if TYPE_CHECKING:
    from types import FrameType

# Calls whose action has another name; see tests/template/test_roles.py.
_ACTIONS = {"SendMessageBatch": "SendMessage"}
_QUEUES = ("Buffer", "DeadLetters", "Events")
_SECRET = ("/secrets/", "/credentials/", "/tokens/token")


@dataclass(frozen=True)
class Request:
    """What IAM is asked."""

    action: str
    resource: str
    context: Mapping[str, str | None] = field(default_factory=dict)


def requests(service: str, operation: str, given: Mapping[str, Any]) -> Iterator[Request]:
    """What IAM is asked for a call, also by KMS where a key of one's own encrypts everything."""
    action = f"{service}:{_ACTIONS.get(operation, operation)}"
    for resource, name in _resources(service, given):
        yield Request(action, resource, _context(operation, given))
        via = {"kms:ViaService": f"{service}.{REGION}.amazonaws.com"}
        for used, key in _key_uses(service, operation, given, name):
            context = {**via, f"kms:EncryptionContext:{key}": name}
            yield Request(f"kms:{used}", KEY, context)


def _resources(service: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The ARNs, and what the encryption context names."""
    match service, given:
        case "ssm", {"Names": names}:
            # A document that a test has broken may name what no provisioned one does.
            absolute = [parameter(name) for name in names if str(name).startswith("/")]
            yield from ((name, name) for name in absolute)
        case "ssm", {"Path": name} | {"Name": name}:
            yield parameter(name), parameter(name)
        case "sqs", {"QueueUrl": str(url)}:
            [queue] = (name for name in _QUEUES if f"-{name}-" in url)
            yield arn(queue), arn(queue)
        case "s3", {"Bucket": _}:
            # As with a bucket key, the encryption context names the bucket.
            yield f"{arn('KeptBodiesBucket')}/{given['Key']}", arn("KeptBodiesBucket")
        case "dynamodb", {"TableName": str(name)} if "KeptBodies" in name:
            yield arn("KeptBodies"), "KeptBodies"
        case "dynamodb", _:
            index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
            yield arn("Deliveries") + index, "Deliveries"
        case _:
            yield "*", ""


def _context(operation: str, given: Mapping[str, Any]) -> dict[str, str | None]:
    """Values of condition keys; what a request leaves out has none."""
    if operation == "PutParameter":
        overwrite = given.get("Overwrite")
        return {"ssm:Overwrite": None if overwrite is None else str(overwrite).lower()}
    return {"dynamodb:Select": given.get("Select")} if operation == "Query" else {}


def _key_uses(
    service: str, operation: str, given: Mapping[str, Any], name: str
) -> Iterator[tuple[str, str]]:
    """Calls of KMS, and the name of what their encryption context tells.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html,
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html,
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    """
    match service, operation:
        case "ssm", "GetParameters" if given.get("WithDecryption") and _is_secret(name):
            yield "Decrypt", "PARAMETER_ARN"
        case "ssm", "PutParameter" if given["Type"] == "SecureString":
            yield "Encrypt", "PARAMETER_ARN"
            if given.get("Tier") != "Standard":
                yield "GenerateDataKey", "PARAMETER_ARN"
        case "sqs", "SendMessage" | "SendMessageBatch":
            yield "GenerateDataKey", "aws:sqs:arn"
            yield "Decrypt", "aws:sqs:arn"
        case "dynamodb", _:
            yield "Decrypt", "aws:dynamodb:tableName"
        case "s3", "PutObject":
            yield "GenerateDataKey", "aws:s3:arn"


def _is_secret(name: str) -> bool:
    return any(part in name for part in _SECRET)


def function_that_calls() -> str:
    """The folder of the function whose handler is being run, or an empty text."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the stack is what is asked for
    while frame:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith("functions.") and frame.f_code.co_name == "lambda_handler":
            return name.split(".")[1]
        frame = frame.f_back
    return ""


def watch_calls(session: Any, deny: Callable[[str], object]) -> None:
    """Report the calls that a role does not allow, from now on."""
    plain = deployment(Stage="dev")
    whole = deployment(Stage="dev", KmsKeyArn=KEY, EventSourceName="events")

    def check(params: Mapping[str, Any], model: Any, **_: object) -> None:
        function = function_that_calls()
        if not function:
            return
        service = str(model.service_model.service_name)
        for request in requests(service, str(model.name), params):
            role = _deployed(request, plain, whole)
            if not role.allows(function, request.action, request.resource, request.context):
                deny(f"{function}: {request}")

    session.events.register("provide-client-params", check)


def _deployed(request: Request, plain: Deployment, whole: Deployment) -> Deployment:
    """Without events and a key of one's own, unless the call is about the key."""
    return whole if request.action.startswith("kms:") else plain


assert all(name in {**resources(), **source_resources()} for name in _QUEUES)
