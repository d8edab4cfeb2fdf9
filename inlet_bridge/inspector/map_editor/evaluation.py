"""Evaluate an edited map as `inlet map` does, and find the lines of what is wrong."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bridge.delivery.delivery import Delivery
from inlet_bridge.inspector.map_editor.deployment import MapDeployment
from inlet_bridge.mapping.declared import read_source
from inlet_bridge.mapping.prepared_source import prepared_source
from inlet_bridge.mapping.preview import Preview, PreviewedWebhook, preview
from inlet_bridge.mapping.primary_fields import with_missing_identities
from inlet_bridge.mapping.sample_reading import sample_in
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.plain_text import plain
from inlet_bridge.template_editing.document import SourcesFile
from inlet_bridge.template_editing.map_text import MapText
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.resource import Resource

MOST_TEXT_BYTES: Final = 65_536
MOST_SAMPLE_BYTES: Final = 1_000_000

_PATH: Final = re.compile(r"(Routes\.\S+?|Split)(?::| reads | \()")
_OF_MAP: Final = re.compile(r"([^\s:]+): ")
_OF_SCHEMA: Final = re.compile(r"the message does not fit its schema: .*? at (\S+?)(?:[:;] .*)?$")


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample webhook.

    Attributes:
        text: as `inlet map` reads it.
        event_type: overrides that of the text; may be empty.
        kept: the kept webhook of which the text is, with its ID and times; None for another text.
    """

    text: str
    event_type: str = ""
    kept: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a map or its messages.

    Attributes:
        line: of the file, from 1; 0 if none is known.
        is_error: whether the deployment, the receiver or Adobe would reject it.
    """

    line: int
    text: str
    hint: str = ""
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a map makes of a sample.

    Attributes:
        difference: the unified diff of the file; empty without one.
        edited: the file with the map; None if the map cannot be a part of it.
        preview: None if the map or the sample is invalid.
        notes: what was not compared.
    """

    problems: tuple[Problem, ...]
    difference: str = ""
    edited: SourcesFile | None = None
    preview: Preview | None = None
    notes: tuple[str, ...] = ()

    @property
    def can_be_saved(self) -> bool:
        """Whether there is a change that a deployment would accept."""
        return bool(self.difference) and self.preview is not None

    @property
    def lines(self) -> dict[int, bool]:
        """Whether there is an error, by the lines with problems."""
        found: dict[int, bool] = {}
        for each in self.problems:
            if each.line:
                found[each.line] = found.get(each.line, False) or each.is_error
        return found


def evaluate(
    name: str,
    original: MapText,
    text: str,
    sample: Sample,
    deployment: MapDeployment,
) -> Evaluation:
    """Evaluate a text in place of the original one.

    Args:
        name: of the source.
        original: of the file.
        text: the routes.
        sample: with which it is evaluated.
        deployment: what is known of it.
    """
    path = original.file.path
    edited: SourcesFile | None = None
    difference = ""
    try:
        _check_sizes(text, sample.text)
        _check_visible(original, text)
        edited = original.replaced(text)
        difference = original.difference(edited)
        declared = read_source(path, name, {}, deployment.values, text=edited.text)
        schemas, notes = deployment.schemas(declared.connection, declared.connection_properties)
        prepared = prepared_source(declared, schemas)
        headers, body, query = sample_in(sample.text.encode(), "the sample")
        seen = preview(
            prepared.source, headers, body, query, event=sample.event_type, kept=sample.kept
        )
        seen = with_missing_identities(seen, declared.connection_properties)
    except OperationError as exc:
        problem = _of_error(exc, str(path))
        return Evaluation((problem,), difference, edited)
    problems = tuple(_of_preview(seen, declared.resource))
    notes = (*notes, *prepared.notes([seen], sample.event_type))
    return Evaluation(problems, difference, edited, seen, notes)


def _check_sizes(text: str, sample: str) -> None:
    for what, given, most in (
        ("the map", text, MOST_TEXT_BYTES),
        ("the sample", sample, MOST_SAMPLE_BYTES),
    ):
        if len(given.encode(errors="replace")) > most:
            raise OperationError(f"{what} is over {most:,} bytes", hint="Use `inlet map` for it.")
    try:
        text.encode()
        sample.encode()
    except UnicodeEncodeError:
        raise OperationError("the text is not Unicode") from None


def _check_visible(original: MapText, text: str) -> None:
    """Reject what a page cannot show, since it would be replaced there."""
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, original.line):
        if plain(line, lines=True) != line:
            raise ResourceError(
                f"{original.file.path}:{number}: there is an invisible or a control character",
                hint='Write it as an escape within double quotes, such as "\\u200b".',
            )


def _of_error(exc: OperationError, path: str) -> Problem:
    found = re.match(rf"{re.escape(path)}:(\d+): ", str(exc))
    if found is None:
        return Problem(0, str(exc), exc.hint)
    return Problem(int(found[1]), str(exc)[found.end() :], exc.hint)


def _of_preview(seen: Preview, resource: Resource | None) -> Iterator[Problem]:
    if seen.refused:
        yield Problem(0, f"refused: {seen.refused}")
    for shown in seen.shown:
        where = f"{shown.flow}: " if shown.flow else ""
        if shown.error:
            yield Problem(_line(resource, shown, shown.error), f"{where}{shown.error}")
        for warning in (*shown.warnings, *shown.notes):
            line = _line(resource, shown, warning)
            yield Problem(line, f"{where}{warning}", is_error=False)
    for hint in seen.hints:
        yield Problem(_line(resource, None, hint), hint, is_error=False)


def _line(resource: Resource | None, shown: PreviewedWebhook | None, text: str) -> int:
    """The line of what a sentence names; 0 if it is not known."""
    if resource is None:
        return 0
    if found := _PATH.match(text):
        return _deepest(resource, [found[1].split(".")])
    if shown is None or shown.route is None:
        return 0
    found = _OF_SCHEMA.match(text) or _OF_MAP.match(text)
    steps = found[1].split(".") if found else []
    route = ["Routes", str(shown.route)]
    targets = {each[3] for each in resource.positions if _is_target(each, route)}
    maps = [[*route, "Map"], *([*route, "Targets", each, "Map"] for each in sorted(targets))]
    return _deepest(resource, [[*each, *steps] for each in maps])


def _is_target(steps: tuple[str, ...], route: list[str]) -> bool:
    return [*steps[:2]] == route and steps[2:3] == ("Targets",) and len(steps) > len(route) + 1


def _deepest(resource: Resource, candidates: Iterable[list[str]]) -> int:
    """The line of the property that has the most steps of one of these paths."""
    best: tuple[str, ...] = ()
    for each in candidates:
        steps = tuple(each)
        while steps and steps not in resource.positions:
            steps = steps[:-1]
        best = max(best, steps, key=len)
    return resource.positions[best].line if best else 0
