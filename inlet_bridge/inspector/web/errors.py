"""Show errors as pages: one sentence and the way out."""

from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from inlet_bridge.inspector.security.response_headers import HEADERS
from inlet_bridge.inspector.web.aws_advice import advice_on_error
from inlet_bridge.inspector.web.panels import panel
from inlet_bridge.inspector.web.rendering import inspector_of, page
from inlet_bridge.operations.errors import NotDeployedError, OperationError
from inlet_bridge.operations.stack_list import bridge_stacks
from inlet_bridge.operations.unreachable import rejection, unreachable


def error_page(request: Request, exc: Exception) -> Response:
    """The response to what a page rejects, and to what AWS or the bridge did not do."""
    if isinstance(exc, NotDeployedError):
        return _not_deployed(request, exc)
    match exc:
        case HTTPException():
            status = HTTPStatus(exc.status_code)
            is_missing = status is HTTPStatus.NOT_FOUND and exc.detail == status.phrase
            text, hint = "There is no such page." if is_missing else exc.detail, ""
        case OperationError():
            status, text, hint = HTTPStatus.BAD_GATEWAY, str(exc), exc.hint
        case BotoCoreError():
            found = unreachable(exc)
            status, text, hint = HTTPStatus.BAD_GATEWAY, str(found), found.hint
        case ClientError():
            status, text = HTTPStatus.BAD_GATEWAY, rejection(exc)
            hint = advice_on_error(exc)
        case _:  # Only these are handled here.
            raise exc
    title = "It failed" if status is HTTPStatus.BAD_GATEWAY else status.phrase
    return page(request, "error.html", status=status, title=title, text=text, hint=hint)


def _not_deployed(request: Request, exc: NotDeployedError) -> Response:
    """A page that asks again by itself; while there is nothing new, the answer is empty.

    htmx leaves the page as it is after 204: https://htmx.org/docs/#requests
    """
    if request.headers.get("hx-request") == "true":
        return Response(status_code=HTTPStatus.NO_CONTENT)
    status, where = HTTPStatus.SERVICE_UNAVAILABLE, request.url.path
    account = inspector_of(request).deployed("")
    stacks = panel(lambda: [each.name for each in bridge_stacks(account.client("cloudformation"))])
    return page(
        request, "not_deployed.html", status=status, text=str(exc), where=where, stacks=stacks
    )


def signed_out_page(request: Request) -> Response:
    """How to sign in; nothing of what the inspector shows."""
    return page(request, "signed_out.html", status=HTTPStatus.UNAUTHORIZED)


def unforeseen_page(request: Request, exc: Exception) -> Response:
    """The response to a bug of the inspector. The middleware that adds headers does not see it."""
    response = page(
        request,
        "error.html",
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        title="The inspector failed",
        text=f"An unforeseen {type(exc).__name__}.",
        hint="The output of `inlet console` has the traceback.",
    )
    response.headers.update(HEADERS)
    return response
