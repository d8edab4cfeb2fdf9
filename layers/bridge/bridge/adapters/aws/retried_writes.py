"""Repeat rejected writes of records while there is time.

DynamoDB rejects writes while a partition of the table or of its index is too busy, and advises
exponential backoff:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from collections.abc import Callable, Sequence
from itertools import batched, count
from typing import Any

from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import UnavailableError
from bridge.telemetry import logger

# Limit of BatchWriteItem (Amazon DynamoDB API reference).
_ITEMS_PER_CALL = 25


def all_written(
    items: Sequence[Any], write: Callable[[Sequence[Any]], list[Any]], retries: RetryBudget
) -> None:
    """Write items in batches.

    Args:
        items: the items.
        write: writes at most 25 and returns the unprocessed ones; may raise UnavailableError.
        retries: limits the time.

    Raises:
        UnavailableError: some were not written; all others were.
    """
    left = list(items)
    for attempt in count(1):
        batches = batched(left, _ITEMS_PER_CALL, strict=False)
        left = [item for some in batches for item in _unprocessed(some, write)]
        if not left:
            return
        if not retries.pause(attempt):
            raise UnavailableError(f"the deliveries table rejects {len(left)} records")


def _unprocessed(items: Sequence[Any], write: Callable[[Sequence[Any]], list[Any]]) -> list[Any]:
    try:
        return write(items)
    except UnavailableError as exc:
        logger.warning("records were not written", extra={"reason": str(exc)})
        return list(items)
