"""The state of all services of moto, to begin with it again."""

import io
import pickle
from _thread import LockType, RLock
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from moto.core.base_backend import BackendDict
from moto.ssm.models import ParameterDict


class _Pickler(pickle.Pickler):
    """Pickles the state, except for what never changes, which copies share."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.shared: list[object] = []

    def persistent_id(self, obj: object) -> int | None:
        is_function = isinstance(obj, FunctionType) and not obj.__closure__
        if not is_function and not isinstance(obj, RSAPrivateKey):
            return None
        self.shared.append(obj)
        return len(self.shared) - 1

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, RLock | LockType):
            return type(obj), ()
        if type(obj) is ParameterDict:
            arguments = (obj.account_id, obj.region_name)
            return ParameterDict, arguments, vars(obj), None, iter(obj.items())
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, content: bytes, shared: list[object]) -> None:
        super().__init__(io.BytesIO(content))
        self._shared = shared

    def persistent_load(self, pid: int) -> object:
        return self._shared[pid]


@dataclass(frozen=True)
class MotoState:
    """What was created since moto began.

    Attributes:
        places: the service, account and region of each backend.
        backends: the backends in this order; what they share is shared in a copy, too.
        shared: what all copies share.
    """

    places: tuple[tuple[Any, str, str], ...]
    backends: bytes
    shared: list[object]

    @classmethod
    def now(cls) -> Self:
        """The present state."""
        services: Any = BackendDict
        found = {
            (service, account, region): backend
            for service in services._instances  # noqa: SLF001 - the list of those in use
            for account, region, backend in service.iter_backends()
        }
        content = io.BytesIO()
        pickler = _Pickler(content)
        pickler.dump([*found.values()])
        return cls(tuple(found), content.getvalue(), pickler.shared)

    def restore(self) -> None:
        """Begin with a copy of this state; moto must have been reset."""
        copies = _Unpickler(self.backends, self.shared).load()
        for (service, account, region), backend in zip(self.places, copies, strict=True):
            service[account][region] = backend
