"""`inlet map`: what samples become, before anything is deployed."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.plain_text import Text, plain_json, text_of_json
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

_LOOK_EVERY_SECONDS = 0.5


def map_command(
    source: Annotated[str, typer.Argument(help="Name of the source.")],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            exists=True,
            dir_okay=False,
            help='Bodies as they are sent, or {"headers": {...}, "body": ...}.',
        ),
    ],
    *,
    template: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            show_default="template.yaml",
            help="Where the source is written: a template, or its properties alone.",
        ),
    ] = TEMPLATE,
    schema: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FLOW=FILE",
            help="The XDM schema of a flow, as Adobe's Schema Registry gives it (xed-full).",
        ),
    ] = None,
    behavior: Annotated[
        Literal["time-series", "record"],
        typer.Option(help="Of flows without --schema: whether _id and timestamp are added."),
    ] = "time-series",
    header: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Of every sample.")
    ] = None,
    event_type: Annotated[
        str, typer.Option(metavar="TYPE", help="In place of what the provider's recipe finds.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Again at each change of a file.")] = False,
) -> None:
    """Show what webhooks become: flow, message, size, or why not. Nothing is sent.

    Ends with 1 when a sample would be refused or become a dead letter.
    """
    screen = Screen()
    schemas = [_pair("--schema", each) for each in schema or []]
    headers = dict(_pair("--header", each) for each in header or [])
    watched = [template, *files, *(Path(file) for _, file in schemas)]

    def show() -> bool:
        try:
            found = {flow: _read_json(Path(file)) for flow, file in schemas}
            assumed = assumed_source(read_source(template, source), behavior, found)
            shown = {}
            for file in files:
                own, body = read_sample(file)
                named = {**own, **{name.lower(): value for name, value in headers.items()}}
                shown[str(file)] = preview(assumed, named, body, event=event_type)
        except PreviewError as exc:
            screen.print(Text(f"✗ {exc}", "bold red"))
            return False
        if as_json:
            document = {name: _document(each) for name, each in shown.items()}
            screen.write(f"{plain_json(document)}\n")
        else:
            screen.print(Group(*_told(shown.items())))
        return all(each.is_well for each in shown.values())

    well = show()
    while watch:
        before = _changes(watched)
        try:
            while _changes(watched) == before:
                time.sleep(_LOOK_EVERY_SECONDS)
        except KeyboardInterrupt:
            break
        screen.rule()
        well = show()
    raise typer.Exit(0 if well else 1)


def _told(previews: Iterable[tuple[str, Preview]]) -> Iterable[RenderableType]:
    for name, each in previews:
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
    """For JSON; `dataclasses.asdict` would also copy the message, however deep it is."""
    return {**_fields(each), "shown": [_fields(shown) for shown in each.shown]}


def _fields(each: Preview | PreviewedWebhook) -> dict[str, Any]:
    return {field.name: getattr(each, field.name) for field in fields(each)}


def _line(shown: PreviewedWebhook) -> Text:
    where = f"{shown.flow or 'dead letters'}  {shown.delivery_id}"
    if shown.error:
        return Text.assemble(("✗ ", "bold red"), where, (f"  {shown.error}", "red"))
    told = Text.assemble(("✓ ", "green"), (shown.flow, "bold"), f"  {shown.delivery_id}")
    told.append(f"  {shown.size:,} bytes", "dim")
    for warning in shown.warnings:
        told.append(f"  ! {warning}", "yellow")
    return told


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise typer.BadParameter("must be NAME=VALUE", param_hint=option)
    return name, value


def _read_json(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text())
    except (OSError, ValueError, RecursionError) as exc:
        raise PreviewError(f"{file} cannot be read: {exc}") from exc
    if not isinstance(document, dict):
        raise PreviewError(f"{file} is no JSON Schema")
    return document


def _changes(files: Sequence[Path]) -> list[int]:
    """When each was written last; 0 while an editor replaces it."""
    return [file.stat().st_mtime_ns if file.exists() else 0 for file in files]
