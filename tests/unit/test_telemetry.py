"""Tests of the lines of the logger, and of the location of an exception."""

import json
import logging
from datetime import UTC, datetime
from io import StringIO
from typing import Any, cast
from uuid import uuid4

import pytest
from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.utilities.typing import LambdaContext

from bridge.delivery.record import State
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


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"delivery_id": "1", "source": "other", "reason": None, "inlet_ms": 0, "empty": ""},
        {"_aws": {"Timestamp": 1}, "Accepted": [1.0], "function_name": "another"},
        {"exception_name": "ValueError", "exception": "text"},
    ],
)
@pytest.mark.parametrize(
    ("message", "arguments"),
    [("delivered", ()), ("%s delivered", ("a",)), (State.BUFFERED, ()), (7, ())],
)
@pytest.mark.parametrize("sampled", [0, 1])
def test_line_is_as_powertools_formats_it(
    monkeypatch: pytest.MonkeyPatch,
    sampled: int,
    message: object,
    arguments: tuple[str, ...],
    extra: dict[str, object],
) -> None:
    """Its formatter looks at each attribute in turn; the bridge's takes half the time."""
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"{TRACE};Sampled={sampled}")
    own = LineFormatter()
    own.append_keys(service="receiver", cold_start=False, function_arn="arn", source="github")
    own.thread_safe_append_keys(tenant="7")
    record = logging.LogRecord("receiver", logging.INFO, "f.py", 1, message, arguments, None)
    record.__dict__.update(extra)

    try:
        assert own.format(record) == LambdaPowertoolsFormatter.format(own, record)
        assert '"tenant":"7"' in own.format(record)
    finally:
        own.thread_safe_clear_keys()


def test_line_of_an_exception_has_its_stack() -> None:
    own = LineFormatter()
    with pytest.raises(ValueError, match="invalid") as caught:
        int("wrong")
    exception = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("receiver", logging.ERROR, "f.py", 1, "failed", (), exception)

    line = json.loads(own.format(record))
    assert line["message"] == "failed"
    assert line["exception_name"] == "ValueError"


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
