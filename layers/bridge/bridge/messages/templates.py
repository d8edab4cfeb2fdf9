"""Compile and build templates: JSON whose strings are expressions.

`{"eventType": "'order'", "total": "number(body.total)"}`. A JMESPath raw string `'…'` is a
literal. Numbers, booleans and null are literals, also as strings, because CloudFormation converts
them to strings.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from bridge.errors import MappingError
from bridge.messages.expression_tree import Reads
from bridge.messages.expressions import Context, Expression, compile_expression
from bridge.sources.route import LITERAL
from bridge.strict_json import read_json

_LITERAL: Final = re.compile(LITERAL)


class Template:
    """A compiled template.

    Attributes:
        reads: the headers and query parameters that its expressions read.
        headers: those headers.
    """

    def __init__(self, document: Any) -> None:
        self._root = _compiled(document, "")
        self.reads = Reads()
        for expression in _expressions(self._root):
            self.reads |= expression.reads
        self.headers = self.reads.headers

    def build(self, context: Context) -> Any:
        """Replace every expression by its value.

        Raises:
            MappingError: an expression fails; names its path.
            RecursionError: a value is nested too deeply.
        """
        return _built(self._root, context, "")


@lru_cache(maxsize=256)
def compile_template(text: str) -> Template:
    """Compile a template from its JSON text, once per process.

    Raises:
        ValueError: the text is not JSON, or an expression is invalid; names its path.
    """
    return Template(read_json(text))


def _compiled(node: Any, place: str) -> Any:
    match node:
        case dict():
            return {name: _compiled(each, _below(place, name)) for name, each in node.items()}
        case list():
            return [_compiled(each, _below(place, str(i))) for i, each in enumerate(node)]
        case str() if _LITERAL.fullmatch(node):
            return read_json(node)
        case str():
            try:
                return compile_expression(node)
            except ValueError as exc:
                raise ValueError(f"{place}: {exc}" if place else str(exc)) from None
        case _:
            return node


def _built(node: Any, context: Context, place: str) -> Any:
    match node:
        case Expression():
            try:
                return node.value(context)
            except MappingError as exc:
                raise MappingError(f"{place}: {exc}" if place else str(exc)) from None
        case dict():
            return {name: _built(each, context, _below(place, name)) for name, each in node.items()}
        case list():
            return [_built(each, context, _below(place, str(i))) for i, each in enumerate(node)]
        case _:
            return node


def _expressions(node: Any) -> Iterator[Expression]:
    match node:
        case Expression():
            yield node
        case dict():
            for each in node.values():
                yield from _expressions(each)
        case list():
            for each in node:
                yield from _expressions(each)


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
