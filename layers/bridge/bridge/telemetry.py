"""The logger of the functions; it writes JSON lines.

The template sets `POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_LOG_LEVEL`. Of a webhook, only its
delivery id and event type are logged.
"""

import json
import logging
import os
import traceback
from typing import Any, Final

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.logging.formatter import (
    RESERVED_LOG_ATTRS,
    LambdaPowertoolsFormatter,
)

# The same in every line of a log group.
_REDUNDANT: Final = ("function_name", "function_arn", "function_memory_size")
# Lambda sets it for every invocation; only with `Sampled=1` there is a trace:
# https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
_TRACE_HEADER: Final = "_X_AMZN_TRACE_ID"
# As that of Powertools, which makes one for each line.
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
# Attributes of every record, which are no fields of a line.
_RESERVED: Final = frozenset(RESERVED_LOG_ATTRS)


class LineFormatter(LambdaPowertoolsFormatter):
    """Omits the fields of Powertools that tell nothing, since logs are billed by the byte.

    Times are in UTC and as RFC 3339 says, or Lambda adds its own to a line:
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
    """

    def __init__(self) -> None:
        super().__init__(
            json_serializer=_JSON.encode,
            # Powertools parses each message; the bridge's are texts.
            json_deserializer=str,
            log_record_order=["level", "message", "timestamp"],
            utc=True,
            use_rfc3339=True,
            # Found by the message.
            location=None,
        )

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record.

        As Powertools does, which takes twice the time: it looks up each attribute of a record in a
        tuple. Only a text without an exception, as all of the bridge's, is formatted here.
        """
        if record.exc_info or record.args or not isinstance(record.msg, str):
            return super().format(record)
        fields = {
            **self.log_format,
            **self.thread_safe_get_current_keys(),
            "level": record.levelname,
            "timestamp": self.formatTime(record),
            **{name: own for name, own in record.__dict__.items() if name not in _RESERVED},
            "message": str(record.msg),
        }
        return self.serialize({name: own for name, own in fields.items() if own is not None})

    def serialize(self, log: Any) -> str:
        """Return the line."""
        for name in _REDUNDANT:
            log.pop(name, None)
        if not log.get("cold_start"):
            log.pop("cold_start", None)
        log.pop("xray_trace_id", None)
        trace = os.environ.get(_TRACE_HEADER, "")
        if "Sampled=1" in trace:
            log["xray_trace_id"] = trace.partition(";")[0].removeprefix("Root=")
        return super().serialize(log)


# Without looking for what the lines do not have, such as the place of each call in the stack:
# https://docs.python.org/3/howto/logging.html#optimization
logging._srcfile = None  # noqa: SLF001 (documented as the way to omit it)
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
logger = Logger(logger_formatter=LineFormatter())


def where(exc: BaseException) -> str:
    """File and line where an exception was raised, without its message."""
    frames = traceback.extract_tb(exc.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"


def log_unforeseen(exc: Exception, **names: str) -> str:
    """Log an unexpected exception and return the reason for the records.

    Only the exception's type and location are logged: its message could quote the webhook.

    Args:
        exc: the exception.
        names: further log fields, such as the source.
    """
    error = type(exc).__name__
    logger.critical("unforeseen", extra={"error": error, "where": where(exc), **names})
    return f"an unforeseen {error}"
