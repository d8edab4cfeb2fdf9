"""Show previews of mapped samples."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from rich.console import Group, RenderableType
from rich.padding import Padding

from bridge.provisioning.sources.checks import unchecked_flows
from bridge.sources.source import Source
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.plain_text import plain_json
from inlet_bridge.cli.styled_text import Text, text_of_json
from inlet_bridge.local.workspace import TEMPLATE
from inlet_bridge.mapping.deployment import DeployedConnection
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.preview import (
    Preview,
    PreviewedWebhook,
    assumed_source,
    preview,
    read_sample,
)
from inlet_bridge.mapping.template_reading import Declared, read_source
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.provisioner import Provisioner

_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class MapOptions:
    """The arguments of `inlet map`.

    Attributes:
        template: None means `template.yaml` of the checkout or of the current folder.
        schemas: files by flow, instead of those of the deployment.
        stack: of the deployment; empty for none.
        validates: whether Adobe is asked about each message.
    """

    source: str
    files: tuple[Path, ...]
    template: Path | None
    schemas: tuple[tuple[str, Path], ...]
    stack: str
    validates: bool
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
        previews, notes = _previews(options, template)
    except PreviewError as exc:
        screen.print(Text(f"✗ {exc}", "bold red"))
        return False
    except OperationError as exc:
        screen.failure(exc)
        return False
    if options.as_json:
        document = {name: _document(each) for name, each in previews.items()}
        screen.write(f"{plain_json(document)}\n")
    else:
        screen.print(
            Group(*preview_blocks(previews), *(Text(f"! {note}", "yellow") for note in notes))
        )
    return all(each.is_well for each in previews.values())


def _previews(options: MapOptions, template: Path) -> tuple[dict[str, Preview], list[str]]:
    """The previews by file, and what they leave out. Raises PreviewError, OperationError."""
    declared = read_source(template, options.source)
    schemas: dict[str, Mapping[str, Any]] = {}
    namespaces: tuple[str, ...] | None = ()
    connection = _connection(options, declared)
    if connection:
        deployed = connection.schemas()
        declared = replace(
            declared,
            flows=tuple(dict.fromkeys((*deployed.flows, *declared.flows))),
            data_type=deployed.data_type,
        )
        schemas, namespaces = dict(deployed.schemas), deployed.namespaces
    schemas |= {flow: _read_schema(file) for flow, file in options.schemas}
    source = assumed_source(declared, options.behavior, schemas, namespaces=namespaces)
    previews = {}
    for file in options.files:
        headers, body, query = read_sample(file)
        headers |= {name.lower(): value for name, value in options.headers.items()}
        query = "&".join(filter(None, (query, urlencode(options.query))))
        seen = preview(source, headers, body, query, event=options.event_type)
        if connection and options.validates:
            shown = tuple(_validated(each, connection) for each in seen.shown)
            seen = replace(seen, shown=shown)
        previews[str(file)] = seen
    return previews, _notes(source, options)


def _connection(options: MapOptions, declared: Declared) -> DeployedConnection | None:
    if not options.stack:
        return None
    if not declared.connection:
        raise PreviewError("the file does not spell out the name of the source's Connection")
    return DeployedConnection(Provisioner(Deployed(options.stack)), declared.connection)


def _validated(shown: PreviewedWebhook, connection: DeployedConnection) -> PreviewedWebhook:
    if shown.error or shown.message is None:
        return shown
    return replace(shown, adobe=connection.verdict(shown.flow, shown.message))


def _notes(source: Source, options: MapOptions) -> list[str]:
    unchecked = ", ".join(unchecked_flows(source))
    if not unchecked:
        return []
    if options.stack:
        return [f"the schema of {unchecked} cannot be read; `inlet doctor` says why"]
    way_out = "name the deployment with --stack, or give --schema"
    return [f"messages to {unchecked} are compared with no schema: {way_out}"]


def preview_blocks(previews: Mapping[str, Preview]) -> Iterable[RenderableType]:
    """What `inlet map` prints of previews by title."""
    for name, each in previews.items():
        yield Text.assemble((name, "bold"), f"  {each.event_type or 'no event type'}")
        if each.refused:
            yield Padding(Text(f"✗ refused: {each.refused}", "bold red"), (0, 2))
        for shown in each.shown:
            yield Padding(_line(shown), (0, 2))
            if shown.message is not None:
                yield Padding(text_of_json(shown.message), (0, 4))
            if shown.adobe is not None:
                yield Padding(_verdict(shown.adobe), (0, 4))
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


def _verdict(adobe: Mapping[str, Any]) -> Text:
    sandbox = f"sandbox {adobe['sandbox']}"
    if not adobe["sandbox_type"]:
        sandbox += ", of which Adobe does not say whether it is for development"
    reasons = "; ".join(map(str, adobe["reasons"]))
    match adobe["passed"]:
        case True:
            return Text(f"✓ Adobe: valid, and ingested ({sandbox})", "green")
        case False:
            return Text(f"✗ Adobe: {reasons} ({sandbox})", "red")
    return Text(f"! Adobe did not validate it: {reasons} ({sandbox})", "yellow")


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
