"""Read the logs of the deployed functions to explain failed checks."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inlet_bridge.local.cloud import Cloud

FUNCTIONS = ("Receiver", "Forwarder", "Provisioner", "Preflight", "Watch", "Reconciler")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line that a function logged.

    Attributes:
        level: such as `ERROR`.
        text: the message and its reason.
    """

    function: str
    level: str
    text: str

    def __str__(self) -> str:
        return f"{self.function}: {self.level}: {self.text}"


class FunctionLogs:
    """The log groups of the deployed functions."""

    def __init__(self, cloud: Cloud, resources: Mapping[str, str]) -> None:
        self._logs: Any = cloud.client("logs")
        self._groups = {name: resources[f"{name}Logs"] for name in FUNCTIONS}

    def lines(self, functions: Iterable[str] = FUNCTIONS) -> list[LogLine]:
        """The lines that the functions logged, by function and time."""
        return [line for name in functions for line in self._lines(name)]

    def troubles(self) -> list[LogLine]:
        """The errors, or the warnings if there are no errors."""
        lines = self.lines()
        errors = [line for line in lines if line.level in ("ERROR", "CRITICAL")]
        return errors or [line for line in lines if line.level == "WARNING"]

    def texts(self) -> Iterator[str]:
        """All log events, including Lambda's lines and metrics."""
        for name in self._groups:
            yield from self._texts(name)

    def _lines(self, name: str) -> Iterator[LogLine]:
        for text in self._texts(name):
            if line := read_line(name.lower(), text):
                yield line

    def _texts(self, name: str) -> Iterator[str]:
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=self._groups[name]
        )
        for page in pages:
            for event in page["events"]:
                yield from event["message"].splitlines()


def read_line(function: str, text: str) -> LogLine | None:
    """Parse a line of Powertools' logger; None for a line of Lambda."""
    try:
        record = json.loads(text)
    except ValueError:
        return None
    if not isinstance(record, dict) or "level" not in record:
        return None
    parts = [str(record[name]) for name in ("message", "reason", "error") if record.get(name)]
    return LogLine(function, str(record["level"]), ": ".join(parts))
