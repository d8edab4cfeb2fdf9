"""Interrupt a run of the provisioner at any of its calls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from bridge.errors import AdobeError, UnavailableError, VendorError


class KilledError(Exception):
    """The simulated process was killed."""


type Way = Literal["before", "after", "5xx"]
"""When a call fails: before it, after it without a response, or after it with an error."""


@dataclass
class Cut:
    """Interrupts a run at its n-th call, in one of three ways or with an error.

    A killed process makes no further call; one that receives an error continues.
    """

    at: int | None = None
    way: Way = "before"
    error: Exception | None = None
    calls: list[str] = field(default_factory=list)
    dead: bool = False

    def call[T](self, name: str, work: Callable[[], T]) -> T:
        if self.dead:
            raise KilledError
        self.calls.append(name)
        if len(self.calls) != self.at:
            return work()
        if self.error:
            raise self.error
        self.dead = self.way != "5xx"
        if self.way != "before":
            work()
        if self.dead:
            raise KilledError
        if name.startswith("ssm"):
            raise UnavailableError("SSM: InternalServerError")
        if name.startswith("vendor"):
            raise VendorError("Subscription", "503", status=503, retryable=True)
        raise AdobeError("503", status=503, retryable=True)


class Cuttable:
    """A port of which every call can be interrupted."""

    def __init__(self, inner: Any, cut: Cut, service: str) -> None:
        self._inner, self._cut, self._service = inner, cut, service

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def called(*args: Any) -> Any:
            what = f"{self._service} {name} {args[0] if args else ''}"
            return self._cut.call(what, lambda: method(*args))

        return called
