"""Middleware: planned faults and request ids."""

import asyncio
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adobe_emulator.faults import AnswerWith, CloseConnection, FaultPlan, Truncate


class FaultInjection:
    """Applies the planned faults to requests."""

    def __init__(self, app: ASGIApp, plan: FaultPlan) -> None:
        self._app = app
        self._plan = plan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, with the fault planned for it, if any."""
        if scope["path"].startswith("/_emulator/"):
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        fault = self._plan.draw(scope["method"], scope["path"], query)
        scope["fault"] = fault
        if fault is None:
            await self._app(scope, receive, send)
            return
        # Read first: after the client has disconnected, the body cannot be read.
        request = _Replay(await _read(receive))
        await asyncio.sleep(fault.delay_seconds)
        match fault.effect:
            case AnswerWith(status=status, headers=headers, body=body):
                await Response(body, status, dict(headers))(scope, receive, send)
            case CloseConnection(after_work=after_work):
                if after_work:
                    await self._app(scope, request, _swallow)
                await _close(scope, receive)
            case Truncate() as truncate:
                await self._truncated(truncate, scope, request, receive, send)
            case _:
                await self._app(scope, request, send)

    async def _truncated(
        self, truncate: Truncate, scope: Scope, request: Receive, receive: Receive, send: Send
    ) -> None:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, request, keep)
        start, *parts = messages
        body = b"".join(part.get("body", b"") for part in parts)[: truncate.keep]
        if not truncate.declared:
            MutableHeaders(scope=start)["content-length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body, "more_body": truncate.declared})
        if truncate.declared:
            await _close(scope, receive)


class RequestIds:
    """Returns the caller's `x-request-id`, or a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request_id = Headers(scope=scope).get("x-request-id") or str(uuid4())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        await self._app(scope, receive, send_with_id)


class _Replay:
    """Replays the body of a request that was already read."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __call__(self) -> Message:
        return {"type": "http.request", "body": self._body, "more_body": False}


async def _read(receive: Receive) -> bytes:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _swallow(message: Message) -> None:
    """Discard the response."""


async def _close(scope: Scope, receive: Receive) -> None:
    scope["state"]["transport"].abort()
    await receive()  # Until the connection is closed: otherwise the server responds.
