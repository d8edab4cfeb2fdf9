"""Make moto's DynamoDB and SQS give the same answers in less time.

A query of moto sorts the whole table, and an update expression is parsed twice and checked by ten
visitors, whatever was checked before. With ten thousand items that takes most of the time of a
test. `tests/unit/support/test_faster_moto.py` compares the answers with those of moto as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from functools import cache
from typing import Any, Final, NamedTuple

from moto.core import responses, serialize
from moto.core.utils import unix_time_millis
from moto.dynamodb import models as dynamodb
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import ast_nodes, expressions
from moto.sqs import models as sqs
from moto.sqs.exceptions import ReceiptHandleIsInvalid

# The position of a parameter of `Table.query`, after the key of the partition.
_INDEX_NAME: Final = 6
# Types of DynamoDB whose values are texts in an answer.
_TEXTS: Final = frozenset({"S", "N"})
_LEAVES: Final = (
    *(ast_nodes.ExpressionAttribute, ast_nodes.ExpressionAttributeName),
    *(ast_nodes.ExpressionAttributeValue, ast_nodes.UpdateExpressionFunction),
)


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


class _Change(NamedTuple):
    """An action on an attribute of the item itself.

    Attributes:
        name: a placeholder, or the name of the attribute.
        value: a placeholder; None removes the attribute.
        if_missing: leaves an attribute that exists as it is.
    """

    name: str
    value: str | None = None
    if_missing: bool = False


class _Checked(NamedTuple):
    """Changes that moto has found valid."""

    changes: Sequence[_Change]
    values: Mapping[str, Any]

    def normalize(self) -> None:
        """Nothing: the attributes are different."""


class _Validator:
    """Validates an expression by moto, once for the same names and types of values."""

    _valid: Final[set[Any]] = set()

    def __init__(
        self,
        expression: Any,
        expression_attribute_names: Mapping[str, str] | None,
        expression_attribute_values: Mapping[str, Any],
        item: Any,
        table: Any,
    ) -> None:
        names, values = expression_attribute_names, expression_attribute_values
        self._given = (expression, names, values, item, table)
        self._changes = changes_of(expression)
        self._values = values
        self._key = (
            *(expression, tuple(table.table_key_attrs), str(table.attr)),
            tuple((names or {}).items()),
            tuple((name, _kind(value)) for name, value in (values or {}).items()),
        )

    def validate(self) -> Any:
        if self._changes is None or self._key not in self._valid:
            found = _SLOW[dynamodb, "UpdateExpressionValidator"](*self._given).validate()
            self._valid.add(self._key)
            return found
        return _Checked(self._changes, self._values)


def _kind(value: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """The type of a value, and whether it is empty: what moto checks."""
    return tuple((name, bool(each)) for name, each in value.items())


class _Executor:
    """Executes what was validated, with the same bound on the size of the item."""

    def __init__(self, ast: Any, item: Any, names: Mapping[str, str]) -> None:
        self._ast, self._item, self._names = ast, item, names

    def execute(self) -> None:
        if not isinstance(self._ast, _Checked):
            slow = _SLOW[dynamodb, "UpdateExpressionExecutor"]
            slow(self._ast, self._item, self._names).execute()
            return
        attributes = self._item.attrs
        for change in self._ast.changes:
            name = self._names[change.name] if change.name[0] == "#" else change.name
            if change.value is None:
                attributes.pop(name, None)
            elif not (change.if_missing and name in attributes):
                attributes[name] = DynamoType(self._ast.values[change.value])


@cache
def changes_of(expression: Any) -> Sequence[_Change] | None:
    """The changes of a parsed expression; None if it has any other kind of action.

    `SET name = :value`, `SET name = if_not_exists(name, :value)` and `REMOVE name`.
    """
    actions = (
        *(ast_nodes.UpdateExpressionSetAction, ast_nodes.UpdateExpressionRemoveAction),
        *(ast_nodes.UpdateExpressionAddAction, ast_nodes.UpdateExpressionDeleteAction),
    )
    changes = [_change(action) for action in expression.find_clauses(actions)]
    found = tuple(change for change in changes if change)
    return found if len(found) == len(changes) else None


def _change(action: Any) -> _Change | None:
    match action.type, [_leaf(child) for child in action.children]:
        case "UpdateExpressionRemoveAction", [str(name)]:
            return _Change(name)
        case "UpdateExpressionSetAction", [str(name), str(value)] if value[0] == ":":
            return _Change(name, value)
        case "UpdateExpressionSetAction", [str(name), ast_nodes.UpdateExpressionFunction() as one]:
            match one.get_function_name(), _leaf(one.children[1]), _leaf(one.children[2]):
                case "if_not_exists", given, str(value) if given == name and value[0] == ":":
                    return _Change(name, value, if_missing=True)
    return None


def _leaf(node: Any) -> Any:
    """The name, the placeholder or the function that is all of an expression; None otherwise."""
    while not isinstance(node, _LEAVES):
        if len(node.children) != 1 or isinstance(node.children[0], str):
            return None
        node = node.children[0]
    return node if isinstance(node, ast_nodes.UpdateExpressionFunction) else str(node.children[0])


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


_FAST: Final[dict[tuple[Any, str], Any]] = {
    (Table, "query"): _query,
    (dynamodb, "UpdateExpressionValidator"): _Validator,
    (dynamodb, "UpdateExpressionExecutor"): _Executor,
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
