"""Fix five faults of MiniStack and run it, with the Python of its environment.

MiniStack 1.5.33 reads the parameter of an SSM request from its field `Name` only. For
GetParameters, DeleteParameters (`Names`) and GetParametersByPath (`Path`) it evaluates
policies for the resource `*`, so it denies minimal policies that AWS accepts. Here each parameter
of a request is checked, as in AWS. MiniStack also lacks the condition key `ssm:Overwrite`, which
the receiver needs to store a captured secret.

Stack parameters are strings, which AWS converts to the type of the property. MiniStack keeps the
MaximumConcurrency of an event source mapping as a string and then cannot compare it.

When a function changes, Lambda lets running invocations finish. MiniStack kills them at once, also
during their start, and their batch stays invisible until the visibility timeout.

SSM rejects values that contain `{{…}}` and values over 4 kB, or 8 kB of an advanced parameter.
MiniStack stores them.
"""

import json
from threading import Thread
from typing import Any

from ministack.app import main  # type: ignore[import-not-found]
from ministack.core import iam_actions, iam_evaluator, lambda_runtime  # type: ignore[import-not-found]
from ministack.core.responses import error_response_json  # type: ignore[import-not-found]
from ministack.services import lambda_svc, ssm  # type: ignore[import-not-found]

# Seconds for a worker to finish: the longest timeout of a function.
_FINISHING = 60

_extract_resource_arn = iam_actions.extract_resource_arn
_request_tag_context = iam_actions.request_tag_context
_enforce = iam_evaluator.enforce
_kill_workers = lambda_runtime.kill_workers
_store_parameter = ssm._put_parameter  # noqa: SLF001 - has the fault
_concurrency = lambda_svc._sqs_esm_concurrency  # noqa: SLF001 - has the fault


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
    return _store_parameter(data)


# MiniStack reads these module attributes at each call.
iam_actions.extract_resource_arn = _resource_arns
iam_actions.request_tag_context = _request_context
iam_evaluator.enforce = _enforce_each
lambda_runtime.kill_workers = _kill_when_done
lambda_svc._sqs_esm_concurrency = _number_of_concurrency  # noqa: SLF001
ssm._put_parameter = _put_parameter  # noqa: SLF001

if __name__ == "__main__":
    main()
