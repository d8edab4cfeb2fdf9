"""Keep the bodies of webhooks in a DynamoDB table, and large ones in S3."""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.adapters.aws.delivery_items import epoch
from bridge.adapters.aws.kept_objects import S3KeptObjects
from bridge.adapters.aws.signed_client import CallPolicy
from bridge.delivery.delivery import Delivery
from bridge.delivery.kept import MOST_ITEM_BYTES, kept_key, kept_value, object_key
from bridge.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEEPING: Final = CallPolicy(timeout=(0.3, 0.7), attempts=1)
"""The sender waits, and the inlet has not been asked yet. DynamoDB responds within milliseconds."""
_RETRY_WITHIN_SECONDS: Final = 0.2
_MAX_PAUSE_SECONDS: Final = 0.1


class DynamoDbKeptBodies:
    """The port `KeptBodies`.

    A call takes 1.3 seconds at most, and twice that for a large body: a failure is tried again
    only if it came within 0.2 seconds, such as throttling.

    Args:
        client: with the policy `KEEPING`.
        table: its name.
        objects: the store of large bodies, made on first use.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        objects: Callable[[], S3KeptObjects],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._table = table
        self._objects = objects
        self._clock = clock
        self._sleep = sleep

    def keep(self, whole: Delivery, keep_days: int) -> None:
        """Write the body once. Raises UnavailableError.

        The item that names an object is written first: every object can be found by its item.
        """
        key, value = kept_key(whole.source, whole.received_at, whole.kept), kept_value(whole)
        item: dict[str, Any] = {
            "bucket": {"S": key.bucket},
            "at": {"S": key.at},
            "expires_at": epoch(whole.received_at + timedelta(days=keep_days)),
        }
        if len(value) <= MOST_ITEM_BYTES:
            self._twice(lambda: self._put(item | {"body": {"B": value}}))
            return
        name = object_key(keep_days, key)
        self._twice(lambda: self._put(item | {"object": {"S": name}}))
        self._twice(lambda: self._objects().put(name, value))

    def _put(self, item: dict[str, Any]) -> None:
        try:
            self._client.put_item(TableName=self._table, Item=item)
        except AWS_ERRORS as exc:
            raise unavailable("the table of kept bodies does not respond", exc) from exc

    def _twice(self, write: Callable[[], None]) -> None:
        """Write, and after a quick failure write again."""
        began = self._clock()
        try:
            write()
        except UnavailableError:
            if self._clock() - began > _RETRY_WITHIN_SECONDS:
                raise
            self._sleep(random.random() * _MAX_PAUSE_SECONDS)  # noqa: S311 (jitter)
            write()
