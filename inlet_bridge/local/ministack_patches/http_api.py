"""Give the API a fixed address, and each request the ID that the function gets.

The ID of an API is random, and so would be the addresses of each run; here the first is fixed.

API Gateway gives the receiver the request ID that the response has in its header apigw-requestid:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
MiniStack makes one for each, so the log would not have the ID that a sender sees.
"""

import base64
import os
from contextvars import ContextVar
from typing import Any

from ministack.services import apigateway

_API_ID = "b21d6e00"  # MiniStack recognizes hex digits in host names.
# Of the request to an HTTP API that is executed.
_request_id: ContextVar[str] = ContextVar("_request_id", default="")
# The ID has 16 characters of base64.
_REQUEST_ID_BYTES = 11

_new_uuid = apigateway.new_uuid
_execute = apigateway.handle_execute
_custom_api_id = apigateway._resolve_custom_api_id  # random without a tag


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


apigateway._resolve_custom_api_id = _api_id
apigateway.handle_execute = _execute_with_one_id
apigateway.new_uuid = _uuid_or_request_id
