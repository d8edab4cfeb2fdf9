"""A time of day that stands still, for everything of this repository that asks for it."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import partial
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Final

import pytest

_PACKAGES: Final = ("bridge", "functions", "inlet_bridge", "adobe_emulator", "tests")
# What a function or a command imports when it runs; `inlet_bridge.local` and the pages take longest
# and are not used here.
_LAZY: Final = ("bridge", "functions", "inlet_bridge.cli", "inlet_bridge.operations")


class FixedTime:
    """The time; `advance` moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.moment += by


def fix_time(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> FixedTime:
    """Let every clock of the repository show a moment, which is aware and in UTC.

    Modules that import `datetime` or `utc_now` are changed, not the standard library: the clocks
    of AWS's and Adobe's emulators, of sockets and of threads run on.
    """
    time = FixedTime(moment)
    replaced = _fixed(time)
    for package in _LAZY:
        for found in walk_packages(import_module(package).__path__, f"{package}."):
            import_module(found.name)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in _PACKAGES or name == __name__:
            continue
        for attribute, value in list(vars(module).items()):
            if value is datetime:
                monkeypatch.setattr(module, attribute, replaced)
            elif isinstance(value, partial) and value.func == datetime.now:
                monkeypatch.setattr(module, attribute, time)
    return time


def _fixed(time: Callable[[], datetime]) -> type[datetime]:
    class Kind(type):
        """A time that a module has made before is an instance too."""

        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime)

    class Fixed(datetime, metaclass=Kind):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return time().astimezone(tz)

    return Fixed
