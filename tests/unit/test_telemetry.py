"""Tests of the lines of the logger, and of the location of an exception."""

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any, cast
from uuid import uuid4

import pytest
from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from bridge.telemetry import LineFormatter, where
from tests.support.provisioner_cloud import Context

TRACE = "Root=1-65f1a2b3-0123456789abcdef01234567;Parent=0123456789abcdef"


def logged(
    monkeypatch: pytest.MonkeyPatch,
    *,
    cold: bool = False,
    sampled: int = 0,
    message: str = "delivered",
) -> dict[str, Any]:
    """The line of an invocation."""
    text = StringIO()
    # Powertools configures a logger of a name only once.
    own = Logger(str(uuid4()), stream=text, logger_formatter=LineFormatter())
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"{TRACE};Sampled={sampled}")
    monkeypatch.setattr("aws_lambda_powertools.logging.logger.is_cold_start", cold)

    @own.inject_lambda_context(clear_state=True)
    def handler(_event: object, _context: LambdaContext) -> None:
        own.info(message, extra={"delivery_id": "1"})

    handler({}, cast("LambdaContext", Context()))
    line: dict[str, Any] = json.loads(text.getvalue())
    return line


def test_line_has_no_field_that_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    line = logged(monkeypatch)

    assert line.keys() == {
        *("level", "message", "timestamp", "service", "function_request_id", "delivery_id"),
    }


def test_time_is_in_utc_as_lambda_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 3339; Lambda adds its own time to another one."""
    text = logged(monkeypatch)["timestamp"]

    assert text[10] == "T"
    assert text.endswith("+00:00")
    assert abs((datetime.fromisoformat(text) - datetime.now(UTC)).total_seconds()) < 60


def test_first_line_of_an_environment_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert logged(monkeypatch, cold=True)["cold_start"] is True


def test_trace_is_named_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lambda sets the variable without active tracing as well."""
    line = logged(monkeypatch, sampled=1)

    assert line["xray_trace_id"] == "1-65f1a2b3-0123456789abcdef01234567"


@pytest.mark.parametrize("message", ["7", '{"a":1}', "null"])
def test_message_is_a_text_also_if_it_is_json(
    monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    assert logged(monkeypatch, message=message)["message"] == message


def test_location_of_an_exception_excludes_its_message() -> None:
    """The message could quote what a sender sent."""
    with pytest.raises(KeyError) as caught:
        _ = dict[str, str]()["hunter2"]
    location = where(caught.value)

    assert "test_telemetry.py:" in location
    assert "hunter2" not in location


def test_exception_that_was_not_raised_has_no_location() -> None:
    """There is nothing to look at."""
    assert where(ValueError()) == "unknown"
