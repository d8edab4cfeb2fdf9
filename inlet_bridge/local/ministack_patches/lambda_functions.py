"""Set the properties of functions and their queues, and let running invocations finish.

Stack parameters are strings, which AWS converts to the type of the property. MiniStack keeps the
MaximumConcurrency of an event source mapping as a string and then cannot compare it.

MiniStack ignores RecursiveLoop in templates, which it has as an API operation. To find loops, it
imports botocore in each environment, which takes as long as the receiver's own imports. No function
of the bridge invokes one that invokes it, so the environments start without that.

MiniStack runs a function of another architecture than this machine's, whose compiled modules cannot
be imported: the deployment waits for its custom resource without a reason. It is rejected.

When a function changes, Lambda lets running invocations finish. MiniStack kills them at once, also
during their start, and their batch stays invisible until the visibility timeout.
"""

import platform
from threading import Thread
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

# Seconds for a worker to finish: the longest timeout of a function.
_FINISHING = 60

_ARCHITECTURE = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"

_kill_workers = lambda_runtime.kill_workers
_concurrency = lambda_svc._sqs_esm_concurrency  # has the fault
_function = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
_create_function, _update_function = _function["create"], _function["update"]
_counting_invocations = "    _ms_install_invoke_depth()\n"


def _number_of_concurrency(mapping: dict[str, Any], *args: Any) -> Any:
    """The concurrency of a mapping whose number may be a string."""
    scaling = mapping.get("ScalingConfig") or {}
    if "MaximumConcurrency" in scaling:
        scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
    return _concurrency(mapping, *args)


def _check_architecture(properties: dict[str, Any]) -> None:
    """Raise ValueError, which is the reason in the events of the stack."""
    wanted = (properties.get("Architectures") or [_ARCHITECTURE])[0]
    if wanted != _ARCHITECTURE:
        raise ValueError(
            f"the local cloud runs functions on this machine, which is {_ARCHITECTURE}, not"
            f" {wanted}: build and deploy with Architecture={_ARCHITECTURE}"
        )


def _create_with_loop(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
    _check_architecture(properties)
    created = _create_function(logical_id, properties, stack)
    return _with_loop(created, properties)


def _update_with_loop(
    physical_id: str, old: dict[str, Any], properties: dict[str, Any], *args: Any, **options: Any
) -> Any:
    _check_architecture(properties)
    updated = _update_function(physical_id, old, properties, *args, **options)
    return _with_loop(updated, properties)


def _with_loop(provisioned: Any, properties: dict[str, Any]) -> Any:
    """Set RecursiveLoop of a created or updated function; Terminate is Lambda's default."""
    function = lambda_svc._functions.get(provisioned[0])
    if function is not None:
        function["recursive_loop"] = properties.get("RecursiveLoop", "Terminate")
    return provisioned


def _kill_when_done(workers: list[Any]) -> None:
    """Kill workers when they finish, without blocking: they may call MiniStack meanwhile."""
    Thread(target=_wait_and_kill, args=(workers,)).start()


def _wait_and_kill(workers: list[Any]) -> None:
    for worker in filter(None, workers):
        if worker._lock.acquire(timeout=_FINISHING):  # held while it works
            worker._lock.release()
    _kill_workers(workers)


lambda_runtime.kill_workers = _kill_when_done
lambda_runtime._PYTHON_WORKER_SCRIPT = lambda_runtime._PYTHON_WORKER_SCRIPT.replace(
    _counting_invocations, ""
)
lambda_svc._sqs_esm_concurrency = _number_of_concurrency
_function |= {"create": _create_with_loop, "update": _update_with_loop}
