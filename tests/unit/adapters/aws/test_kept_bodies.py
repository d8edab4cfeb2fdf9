"""How long keeping a body may take."""

from collections.abc import Callable
from copy import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bridge.adapters.aws.kept_bodies import KEEPING, DynamoDbKeptBodies
from bridge.adapters.aws.kept_objects import S3KeptObjects
from bridge.delivery.delivery import Delivery
from bridge.errors import UnavailableError
from tests.support.fakes import NOON

WHOLE = Delivery("github", "d-1", "id:d-1", "issues", "", NOON, NOON, b"{}", kept="id:d-1")


class Table:
    """Refuses as many calls as it is given seconds; each takes so long."""

    def __init__(self, *refusals: float) -> None:
        self.refusals = [*refusals]
        self.now = 0.0
        self.calls = 0

    def put_item(self, **_: object) -> None:
        self.calls += 1
        if self.refusals:
            self.now += self.refusals.pop(0)
            error: Any = {"Error": {"Code": "ThrottlingException", "Message": "no"}}
            raise ClientError(error, "PutItem")

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def keep(table: Table, whole: Delivery = WHOLE, objects: Callable[[], Any] | None = None) -> None:
    client: Any = table
    store: Any = objects or SimpleNamespace
    adapter = DynamoDbKeptBodies(client, "kept", store, lambda: table.now, table.sleep)
    adapter.keep(whole, 7)


def test_quick_refusal_is_tried_again_once() -> None:
    table = Table(0.01)
    keep(table)
    assert table.calls == 2

    table = Table(0.01, 0.01)
    with pytest.raises(UnavailableError, match="ThrottlingException"):
        keep(table)
    assert table.calls == 2


def test_slow_refusal_is_not_tried_again() -> None:
    table = Table(0.5)

    with pytest.raises(UnavailableError):
        keep(table)

    assert table.calls == 1
    assert sum(KEEPING.timeout) <= 1.0
    assert KEEPING.attempts == 1


def test_large_body_whose_item_cannot_be_written_needs_no_object() -> None:
    """Every object can be found by its item."""

    def objects() -> S3KeptObjects:
        raise AssertionError("no item names it")

    large = replace(WHOLE, body=bytes(range(256)) * 4_000, kind="received")
    with pytest.raises(UnavailableError):
        keep(Table(0.5), replace(large, body=_noise(20_000)), objects)


def _noise(length: int) -> bytes:
    import random  # noqa: PLC0415

    return random.Random(7).randbytes(length)  # noqa: S311
