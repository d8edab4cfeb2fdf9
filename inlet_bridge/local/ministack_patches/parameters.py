"""Reject parameters as SSM does, and let functions read a changed source at once.

SSM rejects values that contain `{{…}}` and values over 4 kB, or 8 kB of an advanced parameter.
MiniStack stores them.

The functions cache the document of a source for a minute. With END_ENVIRONMENTS=1 the environments
that may have the former one end when it is replaced, so that an edit is effective at once.
"""

import os
import re
from typing import Any

from ministack.core import lambda_runtime
from ministack.core.responses import error_response_json
from ministack.services import ssm

_ENDS_ENVIRONMENTS = os.environ.get("END_ENVIRONMENTS") == "1"
# Of the functions that cache documents, by their logical IDs.
_CACHING = ("ReceiverFunction", "ForwarderFunction")
_SOURCE_DOCUMENT = re.compile(r"/inlet-bridge/[^/]+/sources/[^/]+")

_store_parameter = ssm._put_parameter  # has the fault


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
    keys = [key.split(":")[-2] for key in list(lambda_runtime._workers)]
    for function in {key for key in keys if any(name in key for name in _CACHING)}:
        lambda_runtime.invalidate_worker(function)


ssm._put_parameter = _put_parameter
