"""Find regular expressions whose time may double with each character of a text.

Python's `re` tries the ways in which a repetition within a repetition can divide a text, such as
`^(a+)+$`, and the text is the sender's:
https://docs.python.org/3/howto/regex.html and
https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

# What `re` itself compiles from; it has no other parser of patterns.
_PARSER: Final[Any] = import_module("re._parser")
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT"})
_MANY: Final = 10
"""Repetitions up to which the ways are few."""

type _Item = tuple[Any, Any]
"""An operation and its arguments."""

# ASCII; all other characters count as one.
_ALL: Final = frozenset(range(129))
_DIGITS: Final = frozenset(range(ord("0"), ord("9") + 1))
_SPACES: Final = frozenset(map(ord, " \t\n\r\f\v"))
_WORD: Final = frozenset(each for each in range(128) if chr(each).isalnum()) | {ord("_")}
_CATEGORIES: Final = {"DIGIT": _DIGITS, "SPACE": _SPACES, "WORD": _WORD | {128}}


def may_double(pattern: str) -> bool:
    """Whether a pattern repeats a repetition that other characters do not separate.

    Possessive repetitions and atomic groups are not divided again. A pattern that does not compile
    takes no time.
    """
    try:
        tree = _PARSER.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return any(any(True for _ in _runs(body)) for body in _repeated(tree))


def _repeated(sequence: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """The parts that are repeated often, at any depth."""
    for operation, given in sequence:
        if _is_repeated(operation, given):
            yield given[2]
        for each in _parts(operation, given) or _closed(operation, given):
            yield from _repeated(each)


def _runs(sequence: Sequence[_Item]) -> Iterator[frozenset[int]]:
    """The characters of each repetition that is all of a sequence, or whose neighbors can be."""
    items = list(sequence)
    for index, (operation, given) in enumerate(items):
        found = [_characters(given[2])] if _is_repeated(operation, given) else []
        for each in _parts(operation, given):
            found += _runs(each)
        others = items[:index] + items[index + 1 :]
        for run in found:
            if all(_is_optional(*each) or _characters([each]) & run for each in others):
                yield run


def _is_repeated(operation: Any, given: Any) -> bool:
    return str(operation) in _REPEATS and given[1] > _MANY


def _parts(operation: Any, given: Any) -> list[Sequence[_Item]]:
    """The sequences within an operation that may be divided in several ways."""
    match str(operation):
        case "MAX_REPEAT" | "MIN_REPEAT":
            return [given[2]]
        case "SUBPATTERN":
            return [given[3]]
        case "BRANCH":
            return list(given[1])
    return []


def _closed(operation: Any, given: Any) -> list[Sequence[_Item]]:
    """The sequences within an operation that is not divided again, once it has matched."""
    match str(operation):
        case "ASSERT" | "ASSERT_NOT":
            return [given[1]]
        case "ATOMIC_GROUP":
            return [given]
        case "POSSESSIVE_REPEAT":
            return [given[2]]
    return []


def _is_optional(operation: Any, given: Any) -> bool:
    match str(operation):
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return given[0] == 0 or all(_is_optional(*each) for each in given[2])
        case "IN" | "LITERAL" | "NOT_LITERAL" | "ANY":
            return False
        case "BRANCH":
            return any(all(_is_optional(*each) for each in part) for part in given[1])
        case "SUBPATTERN":
            return all(_is_optional(*each) for each in given[3])
    return True


def _characters(sequence: Sequence[_Item]) -> frozenset[int]:
    """All characters that a sequence can contain."""
    return frozenset().union(*(_of_item(*each) for each in sequence))


def _of_item(operation: Any, given: Any) -> frozenset[int]:
    if found := _OF_ONE.get(str(operation)):
        return found(given)
    parts = _parts(operation, given)
    return frozenset().union(*map(_characters, parts)) if parts else _ALL


def _of_set(items: Sequence[_Item]) -> frozenset[int]:
    is_negated = bool(items) and str(items[0][0]) == "NEGATE"
    found = _characters(items[1:] if is_negated else items)
    return _ALL - found if is_negated else found


def _of_category(category: Any) -> frozenset[int]:
    name = str(category).removeprefix("CATEGORY_")
    found = _CATEGORIES.get(name.removeprefix("NOT_"), _ALL)
    return _ALL - found if name.startswith("NOT_") else found


def _nothing(_: Any) -> frozenset[int]:
    return frozenset()


_OF_ONE: Final[Mapping[str, Callable[[Any], frozenset[int]]]] = {
    "LITERAL": lambda code: frozenset({min(code, 128)}),
    "NOT_LITERAL": lambda code: _ALL - {code},
    "RANGE": lambda ends: frozenset(range(min(ends[0], 128), min(ends[1], 128) + 1)),
    "CATEGORY": _of_category,
    "IN": _of_set,
    "POSSESSIVE_REPEAT": lambda given: _characters(given[2]),
    "ATOMIC_GROUP": _characters,
    "AT": _nothing,
    "ASSERT": _nothing,
    "ASSERT_NOT": _nothing,
}
"""The characters of the operations that are no sequences."""
