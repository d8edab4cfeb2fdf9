"""Let moto process requests one after the other, since its tables and queues are not thread-safe.

A copy of an item while another thread writes it fails with `dictionary changed size`. AWS processes
each request on an item atomically.
"""

from collections.abc import Callable
from threading import RLock
from typing import Any, Final

from moto.core.botocore_stubber import BotocoreStubber

_PROCESS: Final[Callable[..., Any]] = BotocoreStubber.process_request
_LOCK: Final = RLock()


def _one_at_a_time(stubber: BotocoreStubber, request: Any) -> Any:
    with _LOCK:
        return _PROCESS(stubber, request)


def make_atomic() -> None:
    """Process one request at a time, for the rest of the process."""
    patched: Any = BotocoreStubber
    patched.process_request = _one_at_a_time
