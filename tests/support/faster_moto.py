"""Make moto's CloudFormation, DynamoDB and SQS give the same answers in less time.

A template in JSON is read by the parser of YAML, which takes half a second. A query sorts the whole
table, and an update expression is parsed twice and checked by ten visitors, whatever was checked
before. With ten thousand items that takes most of the time of a test.
`tests/unit/support/test_faster_moto.py` compares the answers with those of moto as it is.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from functools import cache
from typing import Any, Final

from moto.cloudformation.models import Stack
from moto.core import responses as _responses
from moto.core import serialize
from moto.core.utils import unix_time_millis
from moto.dynamodb import models as dynamodb
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import expressions as _expressions
from moto.sqs import models as _sqs
from moto.sqs.exceptions import ReceiptHandleIsInvalid

from tests.support.faster_requests import FASTER
from tests.support.faster_updates import Executor, Validator

# These are not typed, or do not export what they have imported.
expressions: Any = _expressions
responses: Any = _responses
sqs: Any = _sqs
# The position of a parameter of `Table.query`, after the key of the partition.
_INDEX_NAME: Final = 6
# Types of DynamoDB whose values are texts in an answer.
_TEXTS: Final = frozenset({"S", "N"})


def _query(table: Any, hash_key: Any, *given: Any, **named: Any) -> Any:
    """Query a table that has only the items of the key, or does not sort those of an index.

    What is found is sorted in either case.
    """
    view = copy(table)
    if table.range_key_attr:
        index_name = given[_INDEX_NAME]
        groups = table.items.values() if index_name else [table.items.get(hash_key, {})]
        view.all_items = lambda: [item for group in groups for item in group.values()]
    return _SLOW[Table, "query"](view, hash_key, *given, **named)


def _structure(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """Most values of DynamoDB are an object with one text, as the answer has it."""
    if key and shape.name == "AttributeValue" and type(value) is dict and len(value) == 1:
        [(name, text)] = value.items()
        if name in _TEXTS and type(text) is str:
            serialized[serializer.get_serialized_name(shape, key)] = {name: text}
            return
    slow = _SLOW[serialize.BaseJSONSerializer, "_serialize_type_structure"]
    slow(serializer, serialized, value, shape, key)


def _visible(queue: Any) -> list[Any]:
    now = unix_time_millis()
    stored = queue._messages  # noqa: SLF001
    return [each for each in stored if now > each.visible_at and now >= each.delayed_until]


def _delayed(queue: Any) -> int:
    now = unix_time_millis()
    return sum(now < each.delayed_until for each in queue._messages)  # noqa: SLF001


def _hidden(queue: Any) -> int:
    now = unix_time_millis()
    return sum(now <= each.visible_at for each in queue._messages)  # noqa: SLF001


def _had_receipt_handle(message: Any, handle: str) -> bool:
    return handle == message.receipt_handle or handle in message._old_receipt_handles  # noqa: SLF001


def _delete_message(queue: Any, handle: str) -> None:
    if handle in queue.deleted_messages:
        return
    stored = queue._messages  # noqa: SLF001
    for number, message in enumerate(stored):
        if message.had_receipt_handle(handle):
            queue.pending_messages.discard(message)
            queue.deleted_messages.update(message.all_receipt_handles)
            del stored[number]
            return
    raise ReceiptHandleIsInvalid


def _template(text: str) -> Any:
    """A template as JSON, which is YAML too, is not read by the parser of YAML."""
    try:
        return json.loads(text)
    except ValueError:
        return _SLOW[Stack, "parse_template"].__func__(text)


_FAST: Final[dict[tuple[Any, str], Any]] = {
    (Stack, "parse_template"): staticmethod(_template),
    (Table, "query"): _query,
    (dynamodb, "UpdateExpressionValidator"): Validator,
    (dynamodb, "UpdateExpressionExecutor"): Executor,
    # The validator copies the parsed expression, and nothing else changes it.
    (expressions.UpdateExpressionParser, "make"): cache(expressions.UpdateExpressionParser.make),
    (serialize.BaseJSONSerializer, "_serialize_type_structure"): _structure,
    (responses, "camelcase_to_underscores"): cache(responses.camelcase_to_underscores),
    (responses, "method_names_from_class"): cache(responses.method_names_from_class),
    (sqs, "camelcase_to_underscores"): cache(sqs.camelcase_to_underscores),
    (sqs.Message, "had_receipt_handle"): _had_receipt_handle,
    (sqs.Queue, "messages"): property(_visible),
    (sqs.Queue, "approximate_number_of_messages_delayed"): property(_delayed),
    (sqs.Queue, "approximate_number_of_messages_not_visible"): property(_hidden),
    (sqs.Queue, "delete_message"): _delete_message,
    **FASTER,
}
_SLOW: Final = {(owner, name): vars(owner)[name] for owner, name in _FAST}


def make_faster() -> None:
    """Replace moto's functions for the rest of the process."""
    _replace(_FAST)


@contextmanager
def as_it_is() -> Iterator[None]:
    """Moto's own functions until the block ends."""
    _replace(_SLOW)
    try:
        yield
    finally:
        _replace(_FAST)


def _replace(functions: Mapping[tuple[Any, str], Any]) -> None:
    for (owner, name), function in functions.items():
        setattr(owner, name, function)
