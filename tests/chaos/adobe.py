"""Adobe with injected faults: IMS and the inlet."""

import json
from collections.abc import Mapping
from datetime import timedelta

from adobe_emulator import inlet
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, RefusedError, Response
from adobe_emulator.faults import AnswerShort, Fault
from bridge.errors import AdobeError
from bridge.ports.adobe import InletResponse
from tests.chaos.faults import Faults, KilledError, Trouble
from tests.support.fakes import FakeClock

_WITHOUT_WORK = {
    Trouble.BEFORE: InletResponse(None),
    Trouble.STATUS_401: InletResponse(401, {}, b'{"title":"Authorization"}'),
    Trouble.STATUS_403: InletResponse(403, {}, b'{"title":"Authorization"}'),
    Trouble.STATUS_429: InletResponse(429, {"retry-after": "20"}),
    Trouble.STATUS_500: InletResponse(500),
    Trouble.STATUS_502: InletResponse(502),
    Trouble.STATUS_503: InletResponse(503),
    Trouble.RETRY_AFTER: InletResponse(503, {"retry-after": "90"}),
    Trouble.HTML: InletResponse(200, {"content-type": "text/html"}, b"<html>proxy</html>"),
}
# The timeout of the receiver for an inlet that does not respond.
_TIMED_OUT = timedelta(seconds=2.5)


class FaultyTokens:
    """IMS, as one execution environment sees it."""

    def __init__(self, adobe: Adobe, faults: Faults) -> None:
        self._adobe = adobe
        self._faults = faults
        self._token = ""

    def current(self) -> str:
        return self._token or self._mint()

    def renew(self, stale: str) -> str:
        return self._mint() if self._token == stale else self._token

    def _mint(self) -> str:
        if self._faults.ims() is not Trouble.NONE:
            raise AdobeError("IMS does not answer: pretended", status=None, retryable=True)
        self._token = self._adobe.ims.mint()
        return self._token


class FaultyInlet:
    """The emulated inlet, called in process.

    Attributes:
        broken: requests, or single messages, that were taken although nobody heard of it.
    """

    def __init__(self, adobe: Adobe, faults: Faults, clock: FakeClock) -> None:
        self._adobe = adobe
        self._faults = faults
        self._clock = clock
        self.broken: list[bytes] = []

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletResponse:
        trouble = self._faults.inlet()
        if trouble is Trouble.DIES_BEFORE:
            raise KilledError
        if trouble in _WITHOUT_WORK:
            return _WITHOUT_WORK[trouble]
        return self._work(trouble, url, headers, content)

    def _work(
        self, trouble: Trouble, url: str, headers: Mapping[str, str], content: bytes
    ) -> InletResponse:
        in_batch = "/collection/batch/" in url
        call = Call(
            method="POST",
            parameters={"inlet": url.rpartition("/")[2]},
            query=(),
            headers={name.lower(): value for name, value in headers.items()},
            body=content,
            fault=Fault(effect=AnswerShort(missing=1)) if trouble is Trouble.SHORT else None,
        )
        answer = self._answer(call, in_batch=in_batch)
        lost = {Trouble.AFTER, Trouble.DIES_AFTER, Trouble.SLOW}
        if trouble in lost:
            self.broken.append(content)
        elif trouble is Trouble.SHORT and in_batch:
            self.broken.append(json.dumps(json.loads(content)["messages"][0]).encode())
        if trouble is Trouble.DIES_AFTER:
            raise KilledError
        if trouble is Trouble.SLOW:
            self._clock.now += _TIMED_OUT
        if trouble in lost:
            return InletResponse(None)
        return InletResponse(answer.status, dict(answer.headers), answer.body)

    def _answer(self, call: Call, *, in_batch: bool) -> Response:
        try:
            return (inlet.collect_batch if in_batch else inlet.collect)(self._adobe, call)
        except RefusedError as exc:
            return exc.response
