"""The one logger of the functions: JSON lines, named after the function's service.

`POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_LOG_LEVEL` come from the template. Nothing that a
sender sent is logged except its delivery id and event type.
"""

import traceback

from aws_lambda_powertools.logging import Logger

logger = Logger()


def where(exc: BaseException) -> str:
    """The place in the code where an exception was raised, without its message."""
    frames = traceback.extract_tb(exc.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"


def log_unforeseen(exc: Exception, **names: str) -> str:
    """Log a bug of the bridge; the reason that records give for what it interrupted.

    Only the exception's type and its place are logged: the message could quote what was sent.

    Args:
        exc: what was raised.
        names: what was being worked on.
    """
    error = type(exc).__name__
    logger.critical("unforeseen", extra={"error": error, "where": where(exc), **names})
    return f"an unforeseen {error}"
