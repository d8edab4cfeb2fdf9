"""The logger of the functions; it writes JSON lines.

The template sets `POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_LOG_LEVEL`. Of a webhook, only its
delivery id and event type are logged.
"""

import traceback

from aws_lambda_powertools.logging import Logger

logger = Logger()


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
