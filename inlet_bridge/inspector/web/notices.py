"""What an action did, for the page to which its response leads."""

import secrets
from collections import OrderedDict
from threading import Lock
from typing import Final

from inlet_bridge.operations.delivery.actions import ActionResult

_MOST: Final = 100


class Notices:
    """The latest results by unguessable names, so that no link can make a page say anything."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, ActionResult] = OrderedDict()
        self._lock = Lock()

    def add(self, result: ActionResult) -> str:
        """Keep a result; return its name."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._kept[name] = result
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return name

    def find(self, name: str) -> ActionResult | None:
        """A result; None if there is none of this name."""
        with self._lock:
            return self._kept.get(name)
