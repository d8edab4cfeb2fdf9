"""Ports with injected faults: fakes with the semantics of the real services."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import batched

from adobe_emulator import inlet
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, RefusedError, Response
from adobe_emulator.faults import AnswerShort, Fault
from bridge.delivery.claim import Claim
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import LONGEST_DELAY, Delivery
from bridge.delivery.record import Key, Record
from bridge.errors import AdobeError, UnavailableError
from bridge.ports.adobe import InletResponse
from tests.chaos.faults import Faults, Trouble
from tests.chaos.queue import Queue
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.fakes import FakeClock, FakeParameters

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


class KilledError(BaseException):
    """The process is killed; no handler of `Exception` runs."""


@dataclass
class Aws:
    """Calls to one service of AWS."""

    faults: Faults
    service: str

    def call[T](self, work: Callable[[], T]) -> T:
        """Execute the call, fail it, or kill the process."""
        trouble = self.faults.aws(self.service)
        if trouble is Trouble.DIES_BEFORE:
            raise KilledError
        if trouble is Trouble.BEFORE:
            raise UnavailableError(f"{self.service} cannot be reached: pretended")
        result = work()
        if trouble is Trouble.DIES_AFTER:
            raise KilledError
        if trouble is Trouble.AFTER:
            raise UnavailableError(f"{self.service} did not answer: pretended")
        return result


@dataclass
class FaultyParameters:
    """SSM."""

    parameters: FakeParameters
    aws: Aws

    def get(self, names: Sequence[str]) -> dict[str, str]:
        return self.aws.call(lambda: self.parameters.get(names))

    def under(self, path: str) -> dict[str, str]:
        return self.aws.call(lambda: self.parameters.under(path))

    def names_in(self, path: str) -> set[str]:
        return self.aws.call(lambda: self.parameters.names_in(path))

    def put(self, name: str, value: str) -> None:
        self.aws.call(lambda: self.parameters.put(name, value))

    def delete(self, names: Iterable[str]) -> None:
        self.aws.call(lambda: self.parameters.delete(names))


@dataclass
class FaultyBuffer:
    """SQS, for the buffer."""

    queue: Queue
    aws: Aws

    def put(self, delivery: Delivery, delay: timedelta) -> None:
        self.aws.call(lambda: self.queue.send(delivery.encode(), min(delay, LONGEST_DELAY)))

    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        for some in batched(deliveries, 10, strict=False):
            self.aws.call(partial(self._send, some, delay))

    def put_each(self, deliveries: Sequence[tuple[Delivery, timedelta]]) -> Collection[int]:
        left = set(range(len(deliveries)))
        for some in batched(enumerate(deliveries), 10, strict=False):
            try:
                self.aws.call(partial(self._send_each, [entry for _, entry in some]))
            except UnavailableError:
                break
            left -= {position for position, _ in some}
        return left

    def _send(self, deliveries: Iterable[Delivery], delay: timedelta) -> None:
        self._send_each([(delivery, delay) for delivery in deliveries])

    def _send_each(self, deliveries: Iterable[tuple[Delivery, timedelta]]) -> None:
        for delivery, delay in deliveries:
            self.queue.send(delivery.encode(), min(delay, LONGEST_DELAY))

    def postpone(self, receipt: str, wait: timedelta) -> None:
        self.aws.call(lambda: self.queue.postpone(receipt, min(wait, timedelta(hours=12))))


@dataclass
class FaultyDeadLetters:
    """SQS, for the dead letters."""

    kept: list[tuple[str, DeadLetterInfo]]
    aws: Aws

    def put(self, text: str, info: DeadLetterInfo) -> None:
        self.aws.call(lambda: self.kept.append((text, info)))


@dataclass
class FaultyDeliveries:
    """DynamoDB: the ports `Deliveries` and `Attempts`.

    Attributes:
        unrecorded: bodies that the inlet accepted and the table has no record of.
    """

    table: FakeDeliveries
    aws: Aws
    unrecorded: list[bytes]

    def claim(self, delivery: Delivery, until: datetime) -> Claim:
        return self.aws.call(lambda: self.table.claim(delivery, until))

    def filtered(self, delivery: Delivery) -> Claim:
        return self.aws.call(lambda: self.table.filtered(delivery))

    def split(self, delivery: Delivery, parts: int) -> None:
        self.aws.call(lambda: self.table.split(delivery, parts))

    def release(self, delivery: Delivery) -> None:
        self.aws.call(lambda: self.table.release(delivery))

    def find(self, deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        return self.aws.call(lambda: self.table.find(deliveries))

    def buffered(self, delivery: Delivery, reason: str = "") -> None:
        self.aws.call(lambda: self.table.buffered(delivery, reason))

    def postponed(self, delivery: Delivery, reason: str, until: datetime, attempts: int) -> None:
        self.aws.call(lambda: self.table.postponed(delivery, reason, until, attempts))

    def delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        self.unrecorded.append(delivery.body)
        self.aws.call(lambda: self.table.delivered(delivery, flow_id, xaction_id))
        self.unrecorded.pop()

    def delivered_all(self, deliveries: Iterable[tuple[Delivery, str]], flow_id: str) -> None:
        output = list(deliveries)
        self.unrecorded += [delivery.body for delivery, _ in output]
        self.aws.call(lambda: self.table.delivered_all(output, flow_id))
        del self.unrecorded[-len(output) :]

    def begin(self, delivery: Delivery, until: datetime) -> bool:
        return self.aws.call(lambda: self.table.begin(delivery, until))

    def dead(self, delivery: Delivery, info: DeadLetterInfo) -> None:
        self.aws.call(lambda: self.table.dead(delivery, info))


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
