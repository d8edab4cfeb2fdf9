"""Lay out the chain of a connection: its base connection, its inlet, and a row for each flow."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from inlet_bridge.operations.configuration.drift import Difference
from inlet_bridge.operations.configuration.topology import ConnectionState

_BOX_WIDTH: Final = 220
_BOX_HEIGHT: Final = 54
_GAP: Final = 30
_ROW: Final = _BOX_HEIGHT + 18
_MARGIN: Final = 2
_LONGEST_ID: Final = 20
# In the proportional font of the page, at most about seven units to a character.
_LONGEST_TITLE: Final = 28
_PARTS: Final = (
    ("source", "Source connection", "sourceConnections", "source_connection_id"),
    ("target", "Target connection", "targetConnections", "target_connection_id"),
    ("dataflow", "Dataflow", "flows", "flow_id"),
)
_OF_FLOW: Final = re.compile(r"(\w+)(?:/\S*)? of flow (\S+)")
_PARAMETER: Final = re.compile(r"flows/([^/]+)/(\w+)")


@dataclass(frozen=True, slots=True)
class Box:
    """An object of the chain.

    Attributes:
        x, y: of its upper left corner, in the units of the picture.
        label: what it is.
        name: of the flow; empty for the base connection and the inlet.
        object_id: empty if it is not recorded.
        drifted: whether a difference names it.
    """

    x: int
    y: int
    label: str
    name: str
    object_id: str
    drifted: bool

    @property
    def title(self) -> str:
        """What it is and the flow, as far as there is room."""
        title = f"{self.label} · {self.name}" if self.name else self.label
        return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"

    @property
    def short_id(self) -> str:
        """The begin of a long ID; the table has all of it."""
        if len(self.object_id) <= _LONGEST_ID:
            return self.object_id or "not recorded"
        return f"{self.object_id[: _LONGEST_ID - 1]}…"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a chain.

    Attributes:
        lines: `x1, y1, x2, y2` of each connecting line.
        summary: what it shows, as a sentence.
    """

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[tuple[int, int, int, int], ...]
    summary: str
    box_width: int = _BOX_WIDTH
    box_height: int = _BOX_HEIGHT


def picture(connection: ConnectionState, found: Iterable[Difference]) -> Picture:
    """Lay out a connection, and mark the objects that differences name."""
    marked = {key for each in found if each.connection == connection.name for key in _marked(each)}
    rows = max(len(connection.flows), 1)
    middle = (rows - 1) * _ROW // 2
    boxes = [
        _box(
            *(0, middle, "Base connection", "", connection.base_connection),
            drifted=("", "base") in marked,
        ),
        _box(1, middle, "Inlet", "", connection.inlet, drifted=("", "inlet") in marked),
    ]
    lines = [(_right(0), _center(middle), _left(1), _center(middle))]
    for row, flow in enumerate(connection.flows):
        y = row * _ROW
        ids = (flow.source_connection, flow.target_connection, flow.dataflow)
        lines.append((_right(1), _center(middle), _left(2), _center(y)))
        for column, ((part, label, *_), object_id) in enumerate(zip(_PARTS, ids, strict=True), 2):
            differs = (flow.name, part) in marked
            boxes.append(_box(column, y, label, flow.name, object_id, drifted=differs))
            if column > 2:  # noqa: PLR2004 (the first column of a flow)
                lines.append((_right(column - 1), _center(y), _left(column), _center(y)))
    names = ", ".join(flow.name for flow in connection.flows) or "none"
    drifted = sum(box.drifted for box in boxes)
    summary = (
        f"Connection {connection.name}: the base connection has the inlet, and from there each"
        f" flow has a source connection, a target connection and a dataflow. Flows: {names}."
        f" Objects that differ: {drifted}."
    )
    width = _right(1 + len(_PARTS)) + _MARGIN
    return Picture(width, rows * _ROW, tuple(boxes), tuple(lines), summary)


def _box(column: int, y: int, label: str, name: str, object_id: str, *, drifted: bool) -> Box:
    return Box(_left(column), y + _MARGIN, label, name, object_id, drifted)


def _left(column: int) -> int:
    return _MARGIN + column * (_BOX_WIDTH + _GAP)


def _right(column: int) -> int:
    return _left(column) + _BOX_WIDTH


def _center(y: int) -> int:
    return y + _MARGIN + _BOX_HEIGHT // 2


def _marked(each: Difference) -> Iterator[tuple[str, str]]:
    """The flow and the part that a difference names."""
    if each.place == "adobe":
        if found := _OF_FLOW.fullmatch(each.name):
            yield from ((found[2], part) for part, _, kind, _ in _PARTS if kind == found[1])
        elif each.name.partition("/")[0] == "connections":
            yield "", "base"
    elif each.place == "ssm":
        if found := _PARAMETER.fullmatch(each.name):
            yield from ((found[1], part) for part, _, _, name in _PARTS if name == found[2])
        elif each.name == "base_connection_id":
            yield "", "base"
        elif each.name in {"inlet_id", "inlet_url"}:
            yield "", "inlet"
