"""The gateway of platform.adobe.io: checks token, API key, organization and sandbox.

Source of the bodies: "Experience Platform troubleshooting guide", section on request headers. The
order of the checks, and the code for a wrong organization are guesses.
"""

from collections.abc import Callable
from typing import NoReturn

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, RefusedError, Response, json_answer
from adobe_emulator.flow_errors import flow_error
from adobe_emulator.platform_errors import bad_request
from adobe_emulator.strict_json import MalformedJsonError

type Handler = Callable[[Adobe, Call], Response]


def behind_gateway(handler: Handler, *, needs_sandbox: bool = True) -> Handler:
    """A handler that rejects the requests that the gateway rejects."""

    def checked(adobe: Adobe, call: Call) -> Response:
        _check_caller(adobe, call)
        if needs_sandbox or "x-sandbox-name" in call.headers:
            _check_sandbox(adobe, call)
        if call.body:
            _check_body(call)
        return handler(adobe, call)

    return checked


def _check_caller(adobe: Adobe, call: Call) -> None:
    authorization = call.headers.get("authorization")
    api_key = call.headers.get("x-api-key")
    org_id = call.headers.get("x-gw-ims-org-id")
    if not authorization:
        _refuse(403, "403010", "Oauth token is missing.")
    if not adobe.ims.accepts(authorization):
        _refuse(401, "401013", "Oauth token is not valid")
    if not api_key:
        _refuse(403, "403000", "Api Key is required")
    if api_key != adobe.tenant.client_id:
        _refuse(403, "403003", "Api Key is invalid")
    if not org_id:
        _refuse(400, "400003", "Missing header")
    if org_id != adobe.tenant.org_id:
        _refuse(403, "403025", "Profile is not valid")


def _check_sandbox(adobe: Adobe, call: Call) -> None:
    sandbox = call.headers.get("x-sandbox-name")
    if "x-sandbox-id" in call.headers:
        raise flow_error("2110-400", "x-sandbox-id is not allowed with a user token")
    if not sandbox:
        raise flow_error("2105-400", "Header x-sandbox-name is missing")
    if sandbox != adobe.tenant.sandbox:
        raise flow_error("2100-404", "Sandbox not found")


def _check_body(call: Call) -> None:
    content_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise bad_request("A valid content-type must be specified")
    try:
        call.json()
    except MalformedJsonError:
        raise bad_request("The request body is not valid JSON") from None


def _refuse(status: int, code: str, message: str) -> NoReturn:
    raise RefusedError(json_answer(status, {"error_code": code, "message": message}))
