"""Validate the update expressions of moto's DynamoDB once, and execute simple ones directly."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from moto.dynamodb import models as _models
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.parsing import ast_nodes as _ast_nodes

ast_nodes: Any = _ast_nodes
models: Any = _models
_SLOW_VALIDATOR: Final = models.UpdateExpressionValidator
_SLOW_EXECUTOR: Final = models.UpdateExpressionExecutor
_FUNCTION: Final = ast_nodes.UpdateExpressionFunction
_LEAVES: Final = (
    *(ast_nodes.ExpressionAttribute, ast_nodes.ExpressionAttributeName),
    *(ast_nodes.ExpressionAttributeValue, _FUNCTION),
)


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


class Validator:
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
            found = _SLOW_VALIDATOR(*self._given).validate()
            if self._changes is not None:
                self._valid.add(self._key)
            return found
        return _Checked(self._changes, self._values)


def _kind(value: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """The type of a value, and whether it is empty: what moto checks."""
    return tuple((name, bool(each)) for name, each in value.items())


class Executor:
    """Executes what was validated, with the same bound on the size of the item."""

    def __init__(self, ast: Any, item: Any, names: Mapping[str, str]) -> None:
        self._ast, self._item, self._names = ast, item, names

    def execute(self) -> None:
        if not isinstance(self._ast, _Checked):
            _SLOW_EXECUTOR(self._ast, self._item, self._names).execute()
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
        case "UpdateExpressionSetAction", [str(name), one] if isinstance(one, _FUNCTION):
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
    return node if isinstance(node, _FUNCTION) else str(node.children[0])
