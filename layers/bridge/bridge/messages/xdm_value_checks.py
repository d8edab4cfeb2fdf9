"""The checks of texts and numbers in XDM entities, and of the sizes of texts, lists and objects."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from bridge.json_numbers import JsonNumber
from bridge.messages.json_equality import equality_key

type Check = Callable[[Any, list[str]], str]
"""Return the fault of a value, or an empty text; append warnings."""

_MOST_VALUES: Final = 12
_LONGEST_VALUE: Final = 40
# In characters. The time of a pattern such as `.+@.+` grows with the square of the length, and
# 100,000 take seconds.
_LONGEST_MATCHED: Final = 1_000


def compiled_pattern(pattern: str) -> re.Pattern[str]:
    r"""Compile a pattern as Java does: `\d`, `\w` and `\s` are ASCII unless it says otherwise.

    Raises re.error and others for a pattern that Python does not compile.
    """
    try:
        return re.compile(pattern, re.ASCII)
    except ValueError:  # A flag of the pattern contradicts.
        return re.compile(pattern)


def text_steps(schema: Mapping[str, Any], place: str) -> list[Check]:
    """Check the length, the pattern and the format of a text."""
    steps = size_steps(schema, place, "Length")
    if "pattern" in schema:
        steps += _pattern_steps(schema["pattern"], at("pattern", place))
    return steps + _format_steps(schema["format"], place) if "format" in schema else steps


def _format_steps(name: str, place: str) -> list[Check]:
    from bridge.messages.xdm_formats import FORMATS  # noqa: PLC0415 (its patterns take 1 ms)

    if (known := FORMATS.get(name)) is None:
        return []
    fault = f"{at(f'format {name}', place)}; write it as in {known.example}"
    return [_format(known.is_valid, fault, is_fault=known.verdict == "refuse")]


def _pattern_steps(pattern: str, fault: str) -> list[Check]:
    """Leave a pattern to Adobe that could take longer than the function may run."""
    from bridge.messages.backtracking import may_double  # noqa: PLC0415 (few schemas have patterns)

    return [] if may_double(pattern) else [_pattern(compiled_pattern(pattern), fault)]


def _pattern(pattern: re.Pattern[str], fault: str) -> Check:
    search = pattern.search
    return lambda value, _: "" if len(value) > _LONGEST_MATCHED or search(value) else fault


def _format(is_valid: Callable[[str], bool], fault: str, *, is_fault: bool) -> Check:
    if is_fault:
        return lambda value, _: "" if is_valid(value) else fault

    def check(value: str, warnings: list[str]) -> str:
        if not is_valid(value):
            warnings.append(fault)
        return ""

    return check


def one_of(allowed: Sequence[Any], fault: str) -> Check:
    """Check that a value is one of these, as JSON Schema compares them."""
    keys = frozenset(map(equality_key, allowed))

    def check(value: Any, _: list[str]) -> str:
        return "" if equality_key(value) in keys else f"{fault}: it takes {_listed(allowed)}"

    return check


def _listed(allowed: Sequence[Any]) -> str:
    """The first values of a schema, as a text."""
    from bridge.strict_json import write_json_text  # noqa: PLC0415 (only for faults)

    texts = (each if isinstance(each, str) else write_json_text(each) for each in allowed)
    shown = [each[:_LONGEST_VALUE] for each in islice(texts, _MOST_VALUES)]
    if more := len(allowed) - len(shown):
        return f"{', '.join(shown)} and {more} {'other' if more == 1 else 'others'}"
    return " or ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:]))) or "no value"


def different(fault: str) -> Check:
    """Check that no two items of a list are equal."""
    return lambda value, _: fault if len(set(map(equality_key, value))) < len(value) else ""


def wrong_type(expected: Sequence[str], place: str) -> Check:
    """Describe a value of another type than those that are expected."""
    fault = at("type", place)

    def check(value: Any, _: list[str]) -> str:
        from bridge.messages.json_types import type_mismatch  # noqa: PLC0415 (only for faults)

        return f"{fault}: {type_mismatch(expected, value)}"

    return check


def whole(wrong: Check) -> Check:
    """An integer is a number without a fraction; one that is written as 1.0 is a warning.

    JSON Schema takes 1.0 for an integer. The library whose messages Adobe returns does not:
    https://github.com/everit-org/json-schema.
    """

    def check(value: float | JsonNumber, warnings: list[str]) -> str:
        if isinstance(value, float):
            is_integer = value.is_integer()
        elif value.is_written_as_integer:
            return ""
        else:
            exact = value.decimal
            is_integer = exact == exact.to_integral_value()
        fault = wrong(value, warnings)
        if not is_integer:
            return fault
        warnings.append(fault)
        return ""

    return check


def range_steps(schema: Mapping[str, Any], place: str) -> list[Check]:
    """Check the range of a number."""
    steps: list[Check] = []
    if "minimum" in schema:
        steps.append(_at_least(schema["minimum"], at("minimum", place)))
    if "maximum" in schema:
        steps.append(_at_most(schema["maximum"], at("maximum", place)))
    if "exclusiveMinimum" in schema:
        steps.append(_above(schema["exclusiveMinimum"], at("exclusiveMinimum", place)))
    if "exclusiveMaximum" in schema:
        steps.append(_below(schema["exclusiveMaximum"], at("exclusiveMaximum", place)))
    if "multipleOf" in schema:
        steps.append(_multiple(schema["multipleOf"], at("multipleOf", place)))
    return steps


def _multiple(of: Any, fault: str) -> Check:
    """Compute with decimals: 0.3 is a multiple of 0.1."""
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415 (no schema of XDM's own has it)

    divisor = Decimal(str(of))

    def check(value: Any, _: list[str]) -> str:
        try:
            return fault if Decimal(str(value)) % divisor else ""
        except InvalidOperation:  # The quotient has more digits than Decimal computes with.
            return ""

    return check


def _at_least(bound: Any, fault: str) -> Check:
    return lambda value, _: fault if value < bound else ""


def _at_most(bound: Any, fault: str) -> Check:
    return lambda value, _: fault if value > bound else ""


def _above(bound: Any, fault: str) -> Check:
    return lambda value, _: fault if value <= bound else ""


def _below(bound: Any, fault: str) -> Check:
    return lambda value, _: fault if value >= bound else ""


def size_steps(schema: Mapping[str, Any], place: str, of: str) -> list[Check]:
    """Check the size of a text, a list or an object: `Length`, `Items` or `Properties`."""
    steps: list[Check] = []
    if (least := schema.get(f"min{of}")) is not None:
        steps.append(_size_at_least(least, at(f"min{of}", place)))
    if (most := schema.get(f"max{of}")) is not None:
        steps.append(_size_at_most(most, at(f"max{of}", place)))
    return steps


def _size_at_least(least: int, fault: str) -> Check:
    return lambda value, _: fault if len(value) < least else ""


def _size_at_most(most: int, fault: str) -> Check:
    return lambda value, _: fault if len(value) > most else ""


def at(keyword: str, place: str) -> str:
    """Return the fault of a keyword at a place of the schema."""
    return f"{keyword} at {place or 'its root'}"
