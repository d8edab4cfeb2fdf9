"""Tests of the parser for the logs of the functions."""

import json
from typing import Any

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.function_logs import FUNCTIONS, FunctionLogs, LogLine, read_line


class Groups(Cloud):
    """An account whose log groups contain the same lines."""

    def __init__(self, *lines: str) -> None:
        super().__init__("http://127.0.0.1:1", "key", "secret")
        object.__setattr__(self, "lines", lines)

    lines: tuple[str, ...]

    def client(self, service: str) -> Any:
        return self

    def get_paginator(self, operation: str) -> "Groups":
        return self

    def paginate(self, **_: object) -> Any:
        return [{"events": [{"message": line} for line in self.lines]}]


RESOURCES = {f"{name}Logs": name for name in FUNCTIONS}


def line(level: str) -> str:
    return json.dumps({"level": level, "message": "unavailable", "reason": "AccessDenied"})


def test_line_is_parsed_with_its_reason() -> None:
    assert read_line("receiver", line("ERROR")) == LogLine(
        "receiver", "ERROR", "unavailable: AccessDenied"
    )


def test_lines_of_lambda_are_ignored() -> None:
    assert read_line("receiver", "START RequestId: 1 Version: $LATEST") is None
    assert read_line("receiver", "[1]") is None


def test_errors_come_before_warnings() -> None:
    logs = FunctionLogs(Groups(line("INFO"), line("WARNING"), line("ERROR")), RESOURCES)

    assert {trouble.level for trouble in logs.troubles()} == {"ERROR"}


def test_warnings_are_reported_when_there_are_no_errors() -> None:
    logs = FunctionLogs(Groups(line("INFO"), line("WARNING")), RESOURCES)

    assert [str(trouble) for trouble in logs.troubles()] == [
        f"{function}: WARNING: unavailable: AccessDenied" for function in map(str.lower, FUNCTIONS)
    ]


def test_lines_of_one_function_are_read_alone() -> None:
    logs = FunctionLogs(Groups(line("INFO")), RESOURCES)

    assert {each.function for each in logs.lines()} == set(map(str.lower, FUNCTIONS))
    assert {each.function for each in logs.lines(["Watch"])} == {"watch"}
