"""Read the forms that pages post; HTML's default encoding needs no parser of multipart bodies."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

type Form = Mapping[str, str]
"""The fields of a form by name; of a repeated name, the last one."""

_TYPE: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 50
_SMALL: Final = 16_384


def posted(
    handler: Callable[[Request, Form], Response], most_bytes: int = _SMALL
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a POST whose handler gets the form, and runs in a thread.

    Args:
        handler: raises HTTPException for what it rejects.
        most_bytes: of the body; a larger one is rejected with 413 before it is read to its end.
    """

    async def endpoint(request: Request) -> Response:
        form = await _read(request, most_bytes)
        return await run_in_threadpool(handler, request, form)

    return endpoint


async def _read(request: Request, most_bytes: int) -> Form:
    """The form of a request. Raises HTTPException."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {_TYPE}.")
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most_bytes:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The form is over {most_bytes:,} bytes."
            )
    try:
        return dict(
            parse_qsl(
                content.decode("ascii"),
                keep_blank_values=True,
                max_num_fields=_MOST_FIELDS,
                errors="strict",
            )
        )
    except ValueError as exc:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The form cannot be read.") from exc
