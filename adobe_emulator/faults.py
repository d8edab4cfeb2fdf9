"""Faults that are planned for the next requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from threading import Lock
from typing import Literal


class Service(StrEnum):
    """The services that can fail."""

    IMS = "ims"
    FLOW_SERVICE = "flow-service"
    DATA_PREP = "data-prep"
    CATALOG = "catalog"
    SCHEMA_REGISTRY = "schema-registry"
    DATA_HYGIENE = "data-hygiene"
    DATA_ACCESS = "data-access"
    INLET = "inlet"


_PREFIXES = {
    Service.IMS: "/ims/",
    Service.FLOW_SERVICE: "/data/foundation/flowservice/",
    Service.DATA_PREP: "/data/foundation/conversion/",
    Service.CATALOG: "/data/foundation/catalog/",
    Service.SCHEMA_REGISTRY: "/data/foundation/schemaregistry/",
    Service.DATA_HYGIENE: "/data/core/hygiene/",
    Service.DATA_ACCESS: "/data/foundation/export/",
    Service.INLET: "/collection/",
}


@dataclass(frozen=True, slots=True)
class AnswerWith:
    """Respond with this and do not process the request."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True, slots=True)
class CloseConnection:
    """Close the connection without a response, before or after processing the request."""

    after_work: bool
    kind: Literal["close"] = "close"


@dataclass(frozen=True, slots=True)
class AnswerShort:
    """Omit the results of the first messages of a batch, although they are accepted."""

    missing: int = 1
    kind: Literal["short"] = "short"


@dataclass(frozen=True, slots=True)
class Truncate:
    """Respond with the beginning of the body.

    Attributes:
        keep: bytes of the body.
        declared: Content-Length is that of the whole body, and the connection ends early;
            otherwise it is that of the beginning.
    """

    keep: int
    declared: bool = True
    kind: Literal["truncate"] = "truncate"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for the next requests that match.

    Attributes:
        service: only requests to this service; None is any.
        method: only requests with this method; None is any.
        path: only paths that match this shell pattern, such as `/collection/batch/*`.
        query: only queries that match this shell pattern, as they are on the wire.
        times: for how many requests; None is until the faults are cleared.
        delay_seconds: before anything else. Without an effect, the request is then processed as
            usual, even if the client has disconnected.
        effect: replaces the usual response.
    """

    service: Service | None = None
    method: str | None = None
    path: str = "*"
    times: int | None = 1
    delay_seconds: float = 0
    query: str = "*"
    effect: AnswerWith | CloseConnection | AnswerShort | Truncate | None = None

    def matches(self, method: str, path: str, query: str = "") -> bool:
        """Whether the fault applies to a request."""
        return (
            (self.service is None or path.startswith(_PREFIXES[self.service]))
            and (self.method is None or self.method == method)
            and fnmatchcase(path, self.path)
            and fnmatchcase(query, self.query)
        )


@dataclass(frozen=True, slots=True)
class Poison:
    """The inlet rejects messages that contain this text.

    Attributes:
        whole_request: the message fails the whole request, also a batch.
    """

    marker: str
    status: int = 400
    whole_request: bool = False


class FaultPlan:
    """The planned faults. The oldest that matches applies to a request."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[Fault] = []
        self._poisons: list[Poison] = []

    @property
    def pending(self) -> tuple[Fault, ...]:
        """The remaining faults, with `times` counted down."""
        return tuple(self._faults)

    @property
    def poisons(self) -> tuple[Poison, ...]:
        """The active poisons."""
        return tuple(self._poisons)

    def add(self, fault: Fault) -> None:
        """Plan a fault."""
        with self._lock:
            self._faults.append(fault)

    def poison(self, poison: Poison) -> None:
        """Reject messages with a marker from now on."""
        with self._lock:
            self._poisons.append(poison)

    def clear(self) -> None:
        """Remove all faults and poisons."""
        with self._lock:
            self._faults.clear()
            self._poisons.clear()

    def draw(self, method: str, path: str, query: str = "") -> Fault | None:
        """Remove and return the fault for a request, if any."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if not fault.matches(method, path, query):
                    continue
                if fault.times == 1:
                    del self._faults[index]
                elif fault.times is not None:
                    self._faults[index] = replace(fault, times=fault.times - 1)
                return fault
        return None

    def poison_in(self, content: bytes) -> Poison | None:
        """The poison in a message, if any."""
        return next((p for p in self._poisons if p.marker.encode() in content), None)
