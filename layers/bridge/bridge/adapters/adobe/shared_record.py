"""Read and write the record of the access token that the functions of a stage share."""

from typing import TYPE_CHECKING

from bridge.adapters.adobe.token_record import TokenRecord, read_record
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import UnavailableError
from bridge.telemetry import logger

if TYPE_CHECKING:
    from bridge.ports.adobe import TokenStore

_ATTEMPTS = 3


class SharedRecord:
    """The record in a store, and its lock."""

    def __init__(self, store: "TokenStore", retry_budget: RetryBudget) -> None:
        self._store = store
        self._retry_budget = retry_budget
        self.lock = store.lock
        self.unlock = store.unlock

    def read(self) -> TokenRecord:
        """The record. Raises UnavailableError."""
        return read_record(self._store.read())

    def write(self, record: TokenRecord) -> None:
        """Write with retries, since other functions wait for it; a failure is logged."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._store.write(record.to_text())
            except UnavailableError as exc:
                if attempt == _ATTEMPTS or not self._retry_budget.pause(attempt):
                    logger.warning("a token cannot be shared", extra={"reason": str(exc)})
                    return
            else:
                return
