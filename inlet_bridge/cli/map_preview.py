"""Show previews of mapped samples."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from rich.console import Group, RenderableType
from rich.padding import Padding

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.schema_file import read_schema
from inlet_bridge.cli.styled_text import Text, text_of_json
from inlet_bridge.mapping.declared import Declared, read_source
from inlet_bridge.mapping.deployment import DeployedConnection, DeployedSchemas
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.prepared_source import prepared_source
from inlet_bridge.mapping.preview import Preview, PreviewedWebhook, preview
from inlet_bridge.mapping.primary_fields import with_missing_identities
from inlet_bridge.mapping.sample_reading import read_sample, sample_name
from inlet_bridge.operations.configuration.sources_stack import deployed_values
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import InvalidPropertyError, OperationError
from inlet_bridge.operations.provisioner import Provisioner
from inlet_bridge.plain_text import plain_json
from inlet_bridge.template_reading.default_file import default_file

_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class MapOptions:
    """The arguments of `inlet map`.

    Attributes:
        sources: None means `sources.yaml` of the current folder or of the checkout.
        parameters: of that file.
        schemas: files by flow, instead of those of the deployment.
        stack: of the deployment; empty for none.
        validates: whether Adobe is asked about each message.
    """

    source: str
    files: tuple[Path, ...]
    sources: Path | None
    parameters: Mapping[str, str]
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
    try:
        sources = options.sources or default_file()
    except OperationError as exc:
        screen.failure(exc)
        return False
    watched = [sources, *options.files, *(file for _, file in options.schemas)]
    success = _show(options, sources, screen)
    while watch:
        before = _modification_times(watched)
        try:
            while _modification_times(watched) == before:
                time.sleep(_POLL_SECONDS)
        except KeyboardInterrupt:
            break
        screen.rule()
        success = _show(options, sources, screen)
    return success


def _show(options: MapOptions, sources: Path, screen: Screen) -> bool:
    try:
        previews, notes = _previews(options, sources)
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


def _previews(options: MapOptions, sources: Path) -> tuple[dict[str, Preview], list[str]]:
    """The previews by file, and what they leave out. Raises OperationError."""
    values = deployed_values(Deployed(options.stack)) if options.stack else {}
    declared = read_source(sources, options.source, options.parameters, values)
    connection = _connection(options, declared)
    prepared = prepared_source(
        declared,
        _schemas(connection, declared) if connection else None,
        behavior=options.behavior,
        schemas={flow: read_schema(file) for flow, file in options.schemas},
    )
    is_elsewhere = "Connection" in declared.properties and not declared.connection
    prepared = replace(prepared, is_elsewhere=is_elsewhere)
    previews = {}
    for file in options.files:
        headers, body, query = read_sample(file)
        headers |= {name.lower(): value for name, value in options.headers.items()}
        query = "&".join(filter(None, (query, urlencode(options.query))))
        seen = preview(prepared.source, headers, body, query, event=options.event_type)
        seen = with_missing_identities(seen, declared.connection_properties)
        if connection and options.validates:
            shown = tuple(_validated(each, connection) for each in seen.shown)
            seen = replace(seen, shown=shown)
        previews[sample_name(file)] = seen
    notes = prepared.notes(previews.values(), options.event_type)
    if connection is None and (unknown := declared.unknown_connection()):
        notes.insert(0, unknown)
    return previews, notes


def _connection(options: MapOptions, declared: Declared) -> DeployedConnection | None:
    """The connection at the deployment; None if the file, such as a recipe, has it not."""
    if not options.stack:
        return None
    if not declared.connection:
        declared.check_names()
        if "Connection" in declared.properties and not options.validates:
            return None
        if "Connection" not in declared.properties:
            raise PreviewError(
                f"source {options.source} has no Connection, so that it forwards nothing",
                hint="Write Connection: !GetAtt LOGICAL_ID.Name, or the Name of a connection.",
            )
        raise PreviewError(
            f"the name of the Connection of source {options.source} is not known from the file",
            hint="Write the name, or give the parameters that it is made of with --parameter.",
        )
    return DeployedConnection(
        Provisioner(Deployed(options.stack)), declared.connection, declared.connection_properties
    )


def _schemas(connection: DeployedConnection, declared: Declared) -> DeployedSchemas:
    try:
        return connection.schemas()
    except InvalidPropertyError as exc:
        raise declared.invalid(exc.path, exc.reason) from exc


def _validated(shown: PreviewedWebhook, connection: DeployedConnection) -> PreviewedWebhook:
    if shown.error or shown.message is None:
        return shown
    return replace(shown, adobe=connection.verdict(shown.flow, shown.message))


def preview_blocks(previews: Mapping[str, Preview]) -> Iterable[RenderableType]:
    """What `inlet map` prints of previews by title."""
    for name, each in previews.items():
        yield Text.assemble((name, "bold"), f"  {each.event_type or 'no event type'}")
        if each.refused:
            yield _indented(Text(f"✗ refused: {each.refused}", "bold red"))
        for shown in each.shown:
            yield _indented(_line(shown))
            if shown.message is not None:
                yield Padding(text_of_json(shown.message), (0, 4))
            for note in shown.notes:
                yield _indented(Text(f"! {note}", "yellow"), 4)
            if shown.adobe is not None:
                yield _indented(_verdict(shown.adobe), 4)
        for hint in each.hints:
            yield _indented(Text(f"! {hint}", "yellow"))
        if each.filtered:
            events = "1 event is" if each.filtered == 1 else f"{each.filtered} events are"
            yield _indented(Text(f"○ {events} filtered", "yellow"))


def _indented(text: Text, spaces: int = 2) -> Padding:
    """A text with its end: a padding cuts lines that are not folded."""
    text.overflow = "fold"
    return Padding(text, (0, spaces))


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


def _modification_times(files: Sequence[Path]) -> list[int]:
    """In nanoseconds; 0 while an editor replaces the file."""
    return [_modification_time(file) for file in files]


def _modification_time(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
