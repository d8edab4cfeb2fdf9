"""Fix faults of MiniStack and run it, with the Python of its environment.

MiniStack 1.5.33 reads the parameter of an SSM request from its field `Name` only. For
GetParameters, DeleteParameters (`Names`) and GetParametersByPath (`Path`) it evaluates
policies for the resource `*`, so it denies minimal policies that AWS accepts. Here each parameter
of a request is checked, as in AWS. MiniStack also lacks the condition key `ssm:Overwrite`, which
the receiver needs to store a captured secret.

Stack parameters are strings, which AWS converts to the type of the property. MiniStack keeps the
MaximumConcurrency of an event source mapping as a string and then cannot compare it.

IAM has no actions for the batch operations of SQS and SNS: who may call SendMessage may call
SendMessageBatch. MiniStack asks for the operation's own name, which no policy can allow on AWS.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html

A standard queue has at most about 120,000 messages in flight. Beyond that long polling returns
nothing and short polling fails with OverLimit. MiniStack has no limit.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html

MiniStack ignores RecursiveLoop in templates, which it has as an API operation.

When a function changes, Lambda lets running invocations finish. MiniStack kills them at once, also
during their start, and their batch stays invisible until the visibility timeout.

The ID of an API is random, and so would be the addresses of each run; here the first is fixed.

CloudFormation refuses an update that changes or removes an export that another stack imports.
MiniStack refuses only the deletion of the exporting stack.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html

The functions cache the document of a source for a minute. With END_ENVIRONMENTS=1 the environments
that may have the former one end when it is replaced, so that an edit is effective at once.

API Gateway gives the receiver the request ID that the response has in its header apigw-requestid:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
MiniStack makes one for each, so the log would not have the ID that a sender sees.

Each environment of a function has its own copy of the layers, 2,900 files that take seconds to
extract and to delete. Here the environments share one copy, as `/opt` is read-only on Lambda.

SSM rejects values that contain `{{…}}` and values over 4 kB, or 8 kB of an advanced parameter.
MiniStack stores them.
"""

import base64
import hashlib
import json
import os
import re
import time
import zipfile
from contextvars import ContextVar
from pathlib import Path
from threading import Lock, Thread
from types import SimpleNamespace
from typing import Any

from ministack.app import main  # type: ignore[import-not-found]
from ministack.core import iam_actions, iam_evaluator, lambda_runtime  # type: ignore[import-not-found]
from ministack.core.responses import error_response_json  # type: ignore[import-not-found]
from ministack.services import (  # type: ignore[import-not-found]
    apigateway,
    cloudformation,
    lambda_svc,
    sqs,
    ssm,
)
from ministack.services.cloudformation import (  # type: ignore[import-not-found]
    handlers,
    provisioners,
    stacks,
)

# Seconds for a worker to finish: the longest timeout of a function.
_FINISHING = 60
_MOST_IN_FLIGHT = int(os.environ["MOST_IN_FLIGHT"])
_ENDS_ENVIRONMENTS = os.environ.get("END_ENVIRONMENTS") == "1"
# Of the functions that cache documents, by their logical IDs.
_CACHING = ("ReceiverFunction", "ForwarderFunction")
_SOURCE_DOCUMENT = re.compile(r"/inlet-bridge/[^/]+/sources/[^/]+")
_LAYERS = Path(os.environ["STATE_DIR"]).with_name("layers")
_EXTRACTING = Lock()
_API_ID = "b21d6e00"  # MiniStack recognizes hex digits in host names.
# Of the request to an HTTP API that is executed.
_request_id: ContextVar[str] = ContextVar("_request_id", default="")
# The ID has 16 characters of base64.
_REQUEST_ID_BYTES = 11
# Operations without an action of their own, and the action that allows each.
_ALLOWED_BY = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sns:PublishBatch": "sns:Publish",
}

_extract_iam_action = iam_actions.extract_iam_action
_extract_resource_arn = iam_actions.extract_resource_arn
_request_tag_context = iam_actions.request_tag_context
_enforce = iam_evaluator.enforce
_kill_workers = lambda_runtime.kill_workers
_new_uuid = apigateway.new_uuid
_execute = apigateway.handle_execute
_custom_api_id = apigateway._resolve_custom_api_id  # noqa: SLF001 - random without a tag
_store_parameter = ssm._put_parameter  # noqa: SLF001 - has the fault
_concurrency = lambda_svc._sqs_esm_concurrency  # noqa: SLF001 - has the fault
_collect = sqs._collect_msgs  # noqa: SLF001 - has no limit
_receive = sqs._HANDLERS["ReceiveMessage"]  # noqa: SLF001
_function = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]  # noqa: SLF001
_outputs = stacks._resolve_stack_outputs  # noqa: SLF001 - has the fault
_create_function, _update_function = _function["create"], _function["update"]


def _iam_action(*request: Any) -> str | None:
    """The action that IAM evaluates for a request."""
    action: str | None = _extract_iam_action(*request)
    return _ALLOWED_BY.get(action, action) if action else action


def _resource_arns(service: str, *request: Any) -> str:
    """The resources of a request, one per line; MiniStack passes one string to `enforce`."""
    *_, body, _query, region, account = request
    names = _parameter_names(body) if service == "ssm" else []
    if names:
        return "\n".join(f"arn:aws:ssm:{region}:{account}:parameter{name}" for name in names)
    return str(_extract_resource_arn(service, *request))


def _request(body: bytes) -> dict[str, Any]:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    return request if isinstance(request, dict) else {}


def _parameter_names(body: bytes) -> list[str]:
    request = _request(body)
    return [*request.get("Names", []), *([request["Path"]] if "Path" in request else [])]


def _request_context(service: str, action: str, body: bytes, *args: Any) -> dict[str, Any]:
    """The values of condition keys, including `ssm:Overwrite` if the request has it."""
    context = dict(_request_tag_context(service, action, body, *args))
    if action == "ssm:PutParameter":
        overwrite = _request(body).get("Overwrite")
        context["ssm:Overwrite"] = None if overwrite is None else str(overwrite).lower()
    return context


def _enforce_each(*args: Any, resource_arn: str = "*", **options: Any) -> Any:
    """Allow a request if each of its resources is allowed."""
    for arn in resource_arn.split("\n"):
        if denied := _enforce(*args, resource_arn=arn, **options):
            return denied
    return None


def _number_of_concurrency(mapping: dict[str, Any], *args: Any) -> Any:
    """The concurrency of a mapping whose number may be a string."""
    scaling = mapping.get("ScalingConfig") or {}
    if "MaximumConcurrency" in scaling:
        scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
    return _concurrency(mapping, *args)


def _free_in_flight(queue: dict[str, Any]) -> int:
    """How many further messages may be received."""
    now = time.time()
    taken: int = sum(
        message["visible_at"] > now and message.get("receive_count", 0) > 0
        for message in queue["messages"]
    )
    return int(max(_MOST_IN_FLIGHT - taken, 0))


def _collect_within_limit(queue: dict[str, Any], count: int, timeout: int) -> Any:
    return _collect(queue, min(count, _free_in_flight(queue)), timeout)


async def _receive_or_refuse(data: dict[str, Any], url: str) -> Any:
    """Receive messages; short polling of a queue at its limit fails."""
    answer = await _receive(data, url)
    queue = sqs._get_q(data.get("QueueUrl", url))  # noqa: SLF001
    default = queue["attributes"].get("ReceiveMessageWaitTimeSeconds", "0")
    is_short = not int(data.get("WaitTimeSeconds", default))
    if is_short and not answer and not _free_in_flight(queue):
        raise sqs._Err("OverLimit", "Too many messages in flight.", 403)  # noqa: SLF001
    return answer


def _create_with_loop(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
    created = _create_function(logical_id, properties, stack)
    return _with_loop(created, properties)


def _update_with_loop(
    physical_id: str, old: dict[str, Any], properties: dict[str, Any], *args: Any, **options: Any
) -> Any:
    updated = _update_function(physical_id, old, properties, *args, **options)
    return _with_loop(updated, properties)


def _with_loop(provisioned: Any, properties: dict[str, Any]) -> Any:
    """Set RecursiveLoop of a created or updated function; Terminate is Lambda's default."""
    function = lambda_svc._functions.get(provisioned[0])  # noqa: SLF001
    if function is not None:
        function["recursive_loop"] = properties.get("RecursiveLoop", "Terminate")
    return provisioned


def _kill_when_done(workers: list[Any]) -> None:
    """Kill workers when they finish, without blocking: they may call MiniStack meanwhile."""
    Thread(target=_wait_and_kill, args=(workers,)).start()


def _wait_and_kill(workers: list[Any]) -> None:
    for worker in filter(None, workers):
        if worker._lock.acquire(timeout=_FINISHING):  # noqa: SLF001 - held while it works
            worker._lock.release()  # noqa: SLF001
    _kill_workers(workers)


def _put_parameter(data: dict[str, Any]) -> Any:
    value = str(data.get("Value", ""))
    longest = 4_096 if data.get("Tier", "Standard") == "Standard" else 8_192
    if "{{" in value or len(value.encode()) > longest:
        text = f"Parameter {data.get('Name')}: the value has {{{{ or is too long"
        return error_response_json("ValidationException", text, 400)
    stored = _store_parameter(data)
    name = str(data.get("Name"))
    if _ENDS_ENVIRONMENTS and data.get("Overwrite") and _SOURCE_DOCUMENT.fullmatch(name):
        _end_environments()
    return stored


def _end_environments() -> None:
    keys = [key.split(":")[-2] for key in list(lambda_runtime._workers)]  # noqa: SLF001
    for function in {key for key in keys if any(name in key for name in _CACHING)}:
        lambda_runtime.invalidate_worker(function)


class _Archive(zipfile.ZipFile):
    """An archive of code, or of a layer, which is extracted once and linked to."""

    def namelist(self) -> list[str]:
        """No names, which MiniStack would compare with the target, one by one."""
        return []

    def extractall(self, path: Any = None, *_: Any) -> None:
        """Extract the archive, or link to where it was extracted before."""
        archive = Path(str(self.filename))
        if not archive.name.startswith("layer_"):
            super().extractall(path, super().namelist())
            return
        with archive.open("rb") as content:
            shared = _LAYERS / hashlib.file_digest(content, "sha256").hexdigest()
        with _EXTRACTING:
            if not shared.exists():
                partial = shared.with_suffix(".partial")
                super().extractall(partial, super().namelist())
                partial.rename(shared)
        archive.unlink()
        Path(path).rmdir()
        Path(path).symlink_to(shared)


def _api_id(tags: Any, apis: dict[str, Any]) -> str | None:
    """The ID of a new API; None for a random one."""
    chosen: str | None = _custom_api_id(tags, apis)
    return chosen or (None if _API_ID in apis else _API_ID)


async def _execute_with_one_id(*request: Any, **options: Any) -> Any:
    """Execute a request to an HTTP API, whose response has the ID that the function gets."""
    token = _request_id.set(base64.b64encode(os.urandom(_REQUEST_ID_BYTES)).decode())
    try:
        status, headers, body = await _execute(*request, **options)
        return status, {**headers, "apigw-requestid": _request_id.get()}, body
    finally:
        _request_id.reset(token)


def _uuid_or_request_id() -> str:
    """The ID of the request that is executed, else a new one."""
    return _request_id.get() or str(_new_uuid())


def _outputs_unless_exports_change(*given: Any) -> Any:
    """The outputs and exports of a stack; an export that is imported stays as it is."""
    outputs, exports = _outputs(*given)
    *_, stack_id = given
    for name, export in cloudformation._exports.items():  # noqa: SLF001
        if export["StackId"] != stack_id or exports.get(name, {}).get("Value") == export["Value"]:
            continue
        for stack, other in cloudformation._stacks.items():  # noqa: SLF001
            imported = handlers._imported_export_names(other, stack)  # noqa: SLF001
            if other["StackStatus"] != "DELETE_COMPLETE" and name in imported:
                change = "updated" if name in exports else "deleted"
                raise ValueError(f"Export {name} cannot be {change} as it is in use by {stack}")
    return outputs, exports


# MiniStack reads these module attributes at each call.
iam_actions.extract_iam_action = _iam_action
iam_actions.extract_resource_arn = _resource_arns
iam_actions.request_tag_context = _request_context
iam_evaluator.enforce = _enforce_each
lambda_runtime.kill_workers = _kill_when_done
lambda_runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": _Archive})
lambda_svc._sqs_esm_concurrency = _number_of_concurrency  # noqa: SLF001
sqs._collect_msgs = _collect_within_limit  # noqa: SLF001
sqs._HANDLERS["ReceiveMessage"] = _receive_or_refuse  # noqa: SLF001
_function |= {"create": _create_with_loop, "update": _update_with_loop}
apigateway._resolve_custom_api_id = _api_id  # noqa: SLF001
apigateway.handle_execute = _execute_with_one_id
apigateway.new_uuid = _uuid_or_request_id
stacks._resolve_stack_outputs = _outputs_unless_exports_change  # noqa: SLF001
ssm._put_parameter = _put_parameter  # noqa: SLF001

if __name__ == "__main__":
    main()
