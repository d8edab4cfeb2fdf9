"""Show previews of mapped samples."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from rich.console import Group, RenderableType
from rich.padding import Padding

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.plain_text import plain_json
from inlet_bridge.cli.styled_text import Text, text_of_json
from inlet_bridge.local.workspace import TEMPLATE
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.preview import (
    Preview,
    PreviewedWebhook,
    assumed_source,
    preview,
    read_sample,
)
from inlet_bridge.mapping.template_reading import read_source

_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class MapOptions:
    """The arguments of `inlet map`.

    Attributes:
        template: None means `template.yaml` of the checkout or of the current folder.
        schemas: files by flow.
    """

    source: str
    files: tuple[Path, ...]
    template: Path | None
    schemas: tuple[tuple[str, Path], ...]
    behavior: Literal["time-series", "record"]
    headers: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    event_type: str
    as_json: bool


def show_previews(options: MapOptions, *, watch: bool) -> bool:
    """Print the previews, with `watch` again at each change until Ctrl-C.

    Returns:
        Whether the last previews contain neither a rejection nor a dead letter.
    """
    screen = Screen()
    template = options.template or (TEMPLATE if TEMPLATE.exists() else Path(TEMPLATE.name))
    watched = [template, *options.files, *(file for _, file in options.schemas)]
    success = _show(options, template, screen)
    while watch:
        before = _modification_times(watched)
        try:
            while _modification_times(watched) == before:
                time.sleep(_POLL_SECONDS)
        except KeyboardInterrupt:
            break
        screen.rule()
        success = _show(options, template, screen)
    return success


def _show(options: MapOptions, template: Path, screen: Screen) -> bool:
    if not template.exists():
        screen.print(Text(f"✗ no {template} in this folder; name one with --template", "bold red"))
        return False
    try:
        schemas = {flow: _read_schema(file) for flow, file in options.schemas}
        source = assumed_source(read_source(template, options.source), options.behavior, schemas)
        previews = {}
        for file in options.files:
            headers, body, query = read_sample(file)
            headers |= {name.lower(): value for name, value in options.headers.items()}
            query = "&".join(filter(None, (query, urlencode(options.query))))
            previews[str(file)] = preview(source, headers, body, query, event=options.event_type)
    except PreviewError as exc:
        screen.print(Text(f"✗ {exc}", "bold red"))
        return False
    if options.as_json:
        document = {name: _document(each) for name, each in previews.items()}
        screen.write(f"{plain_json(document)}\n")
    else:
        screen.print(Group(*_blocks(previews)))
    return all(each.is_well for each in previews.values())


def _blocks(previews: Mapping[str, Preview]) -> Iterable[RenderableType]:
    for name, each in previews.items():
        yield Text.assemble((name, "bold"), f"  {each.event_type or 'no event type'}")
        if each.refused:
            yield Padding(Text(f"✗ refused: {each.refused}", "bold red"), (0, 2))
        for shown in each.shown:
            yield Padding(_line(shown), (0, 2))
            if shown.message is not None:
                yield Padding(text_of_json(shown.message), (0, 4))
        if each.filtered:
            events = "1 event is" if each.filtered == 1 else f"{each.filtered} events are"
            yield Padding(Text(f"○ {events} filtered", "yellow"), (0, 2))


def _document(each: Preview) -> dict[str, Any]:
    """A preview for JSON; `dataclasses.asdict` would recurse into the message."""
    return {**_fields(each), "shown": [_fields(shown) for shown in each.shown]}


def _fields(each: Preview | PreviewedWebhook) -> dict[str, Any]:
    return {field.name: getattr(each, field.name) for field in fields(each)}


def _line(shown: PreviewedWebhook) -> Text:
    where = f"{shown.flow or 'dead letters'}  {shown.delivery_id}"
    if shown.error:
        return Text.assemble(("✗ ", "bold red"), where, (f"  {shown.error}", "red"))
    line = Text.assemble(("✓ ", "green"), (shown.flow, "bold"), f"  {shown.delivery_id}")
    line.append(f"  {shown.size:,} bytes", "dim")
    for warning in shown.warnings:
        line.append(f"  ! {warning}", "yellow")
    return line


def _read_schema(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text())
    except (OSError, ValueError, RecursionError) as exc:
        raise PreviewError(f"{file} cannot be read: {exc}") from exc
    if not isinstance(document, dict):
        raise PreviewError(f"{file} is not a JSON Schema")
    return document


def _modification_times(files: Sequence[Path]) -> list[int]:
    """In nanoseconds; 0 while an editor replaces the file."""
    return [file.stat().st_mtime_ns if file.exists() else 0 for file in files]
