"""Say which line of a YAML file is indented wrongly, and how it should be indented."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from inlet_bridge.template_reading.property_names import OF_RESOURCES, OF_ROUTES
from inlet_bridge.template_reading.yaml_lines import (
    Diagnosis,
    column_of,
    content_before,
    spaces,
)

_DASH: Final = re.compile(r"-(?: +|$)")
_NO_SPACE_AFTER_DASH: Final = re.compile(r"-(\w[\w.]*:.*)")
_TYPE_OF_A_RESOURCE: Final = re.compile(r"Type: +[\w-]+(::[\w@-]+)+")
_ATTRIBUTE: Final = re.compile(r"(?:Type|Properties|Condition|DependsOn|Metadata|\w+Policy):")
_MOST_WAYS: Final = 2
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
SECTIONS: Final = frozenset(
    {
        *("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings"),
        *("Conditions", "Transform", "Globals", "Hooks", "Resources", "Outputs"),
    }
)


@dataclass(frozen=True, slots=True)
class _Level:
    """A column in which names or list items begin.

    Attributes:
        line: the last line with it, from 1.
        text: that begins there.
    """

    column: int
    line: int
    is_item: bool
    text: str

    @property
    def way(self) -> str:
        """How a line comes to this level."""
        begins = "its dash" if self.is_item else self.text.partition(":")[0]
        return f"with {spaces(self.column)}, as {begins} in line {self.line}"


def indentation(lines: Sequence[str], index: int) -> Diagnosis:
    """The diagnosis for a line in a column that fits no line above it.

    Args:
        lines: of the file.
        index: of the line, from 0.
    """
    number = index + 1
    own = next(_of_line(lines[index], number), _Level(0, number, is_item=False, text=""))
    above = list(_above(lines, index))
    before = content_before(lines, index)
    if before is not None and (
        odd := _beside_its_name(lines, before, own)
        or _odd_line(lines, before, own)
        or dash(lines[before], before + 1)
        or _without_properties(lines, before, own)
    ):
        return odd
    if shallow := _shallow_property(lines, own, above) or _shallow_resource(lines, own, above):
        return shallow
    if any(each.column == own.column and each.is_item != own.is_item for each in above):
        return _beside_entries(own, above) or Diagnosis(number, *_mixed(own))
    fitting = [each for each in above if each.is_item == own.is_item]
    nearest = sorted(fitting, key=lambda each: abs(each.column - own.column))[:_MOST_WAYS]
    ways = ", or ".join(each.way for each in nearest)
    reason = f"{spaces(own.column)} of indentation fit no line above it"
    if before is not None and own.column > column_of(lines[before]) and ": " in lines[before]:
        reason = f"it is indented below line {before + 1}, which has a value already"
    hint = f"Indent it {ways}." if ways else "Lines that belong together begin in one column."
    return Diagnosis(number, reason, hint)


def dash(line: str, number: int) -> Diagnosis | None:
    """The diagnosis for a line whose dash has no space after it; None for another line."""
    found = _NO_SPACE_AFTER_DASH.fullmatch(line.strip())
    if found is None:
        return None
    return Diagnosis(
        number, "there is no space after its dash", f"Write - {found[1]} with a space."
    )


def _beside_entries(own: _Level, above: Sequence[_Level]) -> Diagnosis | None:
    """A property of a resource in the column of the entries of a list above it, as of Routes."""
    if own.is_item or _name(own) not in OF_RESOURCES - OF_ROUTES:
        return None
    outer = next((each for each in above if _name(each) in OF_RESOURCES - OF_ROUTES), None)
    if outer is None or outer.column >= own.column:
        return None
    reason = f"{_name(own)} begins in the column of the entries of {_name(outer)}"
    return Diagnosis(own.line, reason, f"Indent it {outer.way}.")


def _mixed(own: _Level) -> tuple[str, str]:
    if own.is_item:
        return (
            "a list item begins in the column of names",
            "Indent the list below the name that it belongs to, or remove the dash.",
        )
    return (
        "a name begins in the column of list items",
        "Begin it with a dash, or indent it as what it belongs to.",
    )


def _odd_line(lines: Sequence[str], before: int, own: _Level) -> Diagnosis | None:
    """A line with fewer spaces than those above and below it, which are in one column."""
    earlier = content_before(lines, before)
    odd = column_of(lines[before])
    if own.is_item or earlier is None or not odd < own.column or lines[before].endswith(":"):
        return None
    if column_of(lines[earlier]) != own.column or lines[earlier].endswith(":"):
        return None
    return Diagnosis(
        before + 1,
        f"it is indented with {spaces(odd)}, and the lines above and below it with {own.column}",
        f"Indent it with {spaces(own.column)}.",
    )


def _beside_its_name(lines: Sequence[str], before: int, own: _Level) -> Diagnosis | None:
    """Lines in the column of the name that they belong to, which has nothing else below it."""
    column, position = column_of(lines[before]), before
    group = OF_RESOURCES | OF_ROUTES
    while (above := content_before(lines, position)) is not None and column_of(
        lines[above]
    ) == column:
        text = lines[position].strip()
        name, parent = text.partition(":")[0], lines[above].partition(" #")[0].strip()
        if own.is_item or own.column <= column or _DASH.match(text) or not name:
            return None
        if name in group and parent != "Properties:":
            return None
        if parent.endswith(":"):
            what = name if position == before else f"lines {position + 1} to {before + 1}"
            return Diagnosis(
                position + 1,
                f"{name} is in the column of {parent[:-1]}, which has no value",
                f"Indent {what} with {spaces(own.column)}, below {parent[:-1]}.",
            )
        position = above
    return None


def _without_properties(lines: Sequence[str], before: int, own: _Level) -> Diagnosis | None:
    """A property right below the attributes of a resource, which needs `Properties:`."""
    column = column_of(lines[before])
    if own.is_item or own.column <= column or _ATTRIBUTE.match(own.text):
        return None
    position: int | None = before
    while position is not None and column_of(lines[position]) == column:
        text = lines[position].partition(" #")[0].strip()
        if text.startswith("Properties:"):
            return None
        if _TYPE_OF_A_RESOURCE.fullmatch(text):
            way = f"with {spaces(column)}, as Type in line {position + 1}"
            return Diagnosis(
                own.line, "Properties: is missing above it", f"Write Properties: above it {way}."
            )
        position = content_before(lines, position)
    return None


def _shallow_property(
    lines: Sequence[str], own: _Level, above: Sequence[_Level]
) -> Diagnosis | None:
    """A property in the column of resources, after which the next property fits no line."""
    outer, *further = [each for each in above if each.column < own.column] or [own]
    name = _name(outer)
    group = next((each for each in (OF_RESOURCES, OF_ROUTES) if name in each), ())
    if own.is_item or outer.is_item or not group or _ATTRIBUTE.match(own.text):
        return None
    within_resources = bool(further) and _name(further[0]) == "Resources"
    if not within_resources and (outer.column or ": " not in outer.text):
        return None
    levels = _above(lines, outer.line - 1)
    beside = next((each for each in levels if _name(each) in group), outer)
    if beside.column <= outer.column:
        return None
    return Diagnosis(
        outer.line,
        f"{name} is a property, and is indented with {spaces(outer.column)}",
        f"Indent it {beside.way}, and what is below it deeper than that.",
    )


def _shallow_resource(
    lines: Sequence[str], own: _Level, above: Sequence[_Level]
) -> Diagnosis | None:
    """A resource in column 0, after which the next one fits no line."""
    if not above or own.is_item or above[-1].column or not own.column:
        return None
    outer = above[-1]
    if outer.text.partition(":")[0] in SECTIONS:
        return None
    beside = next(
        (each for each in _above(lines, outer.line - 1) if each.column <= own.column), own
    )
    if beside is own or beside.column != own.column or beside.is_item:
        return None
    return Diagnosis(
        outer.line,
        f"it is indented with {spaces(0)}, and what is above and below it with {own.column}",
        f"Indent it {beside.way}.",
    )


def _above(lines: Sequence[str], index: int) -> Iterator[_Level]:
    """The levels that a line can belong to, deepest first."""
    least: float = float("inf")
    for position in range(index - 1, -1, -1):
        for level in reversed(list(_of_line(lines[position], position + 1))):
            if level.column < least:
                least = level.column
                yield level


def _of_line(line: str, number: int) -> Iterator[_Level]:
    """The columns in which a line begins items, and its name."""
    text = line.strip()
    if not text or text.startswith("#"):
        return
    column = column_of(line)
    while dash := _DASH.match(text):
        yield _Level(column, number, is_item=True, text=text)
        column += dash.end()
        text = text[dash.end() :]
    if text:
        yield _Level(column, number, is_item=False, text=text)


def _name(level: _Level) -> str:
    return level.text.partition(":")[0]
