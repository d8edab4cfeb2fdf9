"""Say which field a sample lacks, of an expression of a message that gives nothing for it."""

import json
import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, Final

from bridge.messages.function_signatures import SIGNATURES
from bridge.messages.other_functions import FUNCTIONS, WITHOUT
from bridge.spelling import nearest
from inlet_bridge.mapping.compared_types import kind_of
from inlet_bridge.mapping.expression_reader import MEMBERS, ExpressionReader, Lack
from inlet_bridge.mapping.misread_names import misread_names
from inlet_bridge.mapping.tree_paths import is_of_a_message
from inlet_bridge.recipes.recipe import recipe_of

_MOST_HINTS: Final = 10
_MOST_OTHERS: Final = 5
_MOST_NAMES: Final = 8
_LONGEST_NAME: Final = 64
_SIMILARITY: Final = 0.6
_NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def valueless_expressions(reader: ExpressionReader, provider: str) -> tuple[str, ...]:
    """A sentence for each expression that reads a field in another spelling than the sample's.

    And for each other one of a Map or Identity that gives nothing for lack of a field. Those of the
    provider's recipe read fields that are optional.

    Args:
        reader: that followed the expressions.
        provider: of the source; empty for none.
    """
    misread = list(islice(misread_names(reader), _MOST_HINTS))
    said = {place for place, _ in misread}
    others = islice(_hints(reader, provider, said), _MOST_OTHERS)
    hints = (*_bare_texts(reader), *(hint for _, hint in misread), *others)
    return tuple(islice(hints, _MOST_HINTS))


def _bare_texts(reader: ExpressionReader) -> Iterator[str]:
    """A sentence for each text without quotes, which is read as a field."""
    for place, (path, name) in reader.bare.items():
        if place not in reader.giving:
            yield f"{place} compares {path} with the field {name}; a text is '{name}'"


def _hints(reader: ExpressionReader, provider: str, said: Collection[str]) -> Iterator[str]:
    lacking = {
        place: lack
        for place, lack in reader.lacks.items()
        if place not in reader.giving and place not in said and is_of_a_message(place)
    }
    known = _texts(recipe.properties) if lacking and (recipe := recipe_of(provider)) else ()
    optional = frozenset(known)
    for place, lack in lacking.items():
        if lack.value is not None and reader.expressions[place] not in optional:
            yield f"{place} gives nothing: {lacking_field(lack)}"


def lacking_field(lack: Lack) -> str:
    """Which field the sample does not have, and those that are there; without a subject."""
    path, name = lack.path, _written(lack.name)
    if lack.name == MEMBERS and isinstance(lack.value, list):
        return f"{path} is a list, of which {path}[*] has all items, and {path}.* none"
    match lack.value:
        case dict():
            return _of_an_object(lack, name)
        case [dict(first), *_] if lack.name in first:
            return (
                f"{path} is a list; {path}[0].{name} is of its first item, {path}[*].{name} of all"
            )
        case list():
            return f"{path} is a list, which has no field {name}{_as_function(lack.name)}"
    return f"{path} is a {kind_of(lack.value)}, which has no field {name}{_as_function(lack.name)}"


def _as_function(name: str) -> str:
    """How a function is written that is applied as a field or a filter; empty for another name."""
    letters = name.lower().replace("_", "")
    call = SIGNATURES.get(name) or FUNCTIONS.get(letters)
    reason = WITHOUT.get(letters)
    return f"; write {call}" if call else f"; {reason}" if reason else ""


def _of_an_object(lack: Lack, name: str) -> str:
    path = lack.path
    if path.endswith("[]"):
        path = f"an item of {path.removesuffix('[]')}"
    literal = f"; a text is '{lack.name}'" if lack.is_compared else ""
    shown = [each for each in lack.names if len(each) <= _LONGEST_NAME]
    close = nearest(lack.name, shown, similarity=_SIMILARITY)
    first = dict.fromkeys([*([close] if close else []), *shown])
    there = ", ".join(map(_written, list(first)[:_MOST_NAMES]))
    more = ", …" if len(lack.names) > min(len(shown), _MOST_NAMES) else ""
    has = f"; {path} has {there}{more}" if there else ""
    return f"the sample has no {lack.path}.{name}{literal}{has}"


def _written(name: str) -> str:
    """A name as an expression has it."""
    return name if _NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _texts(node: Any) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            for each in node.values():
                yield from _texts(each)
        case list():
            for each in node:
                yield from _texts(each)
