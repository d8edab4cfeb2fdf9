"""Count the calls to AWS, by their operation."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError


@contextmanager
def counted_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """The number of calls of each operation, until the block ends."""
    calls: Counter[str] = Counter()
    make: Any = getattr(BaseClient, "_make_api_call")  # noqa: B009 - private

    def counted(self: BaseClient, operation: str, given: Any) -> Any:
        calls[operation] += 1
        return make(self, operation, given)

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", counted)
        yield calls


def denied(monkeypatch: pytest.MonkeyPatch, *operations: str) -> None:
    """Let AWS deny these operations."""
    make: Any = getattr(BaseClient, "_make_api_call")  # noqa: B009 - private

    def denying(self: BaseClient, operation: str, given: Any) -> Any:
        if operation in operations:
            error: Any = {"Error": {"Code": "AccessDenied", "Message": "not authorized"}}
            raise ClientError(error, operation)
        return make(self, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", denying)
