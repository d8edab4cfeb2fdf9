"""Arguments of `inlet map`."""

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from inlet_bridge.cli.local_stack import chosen_or_local_stack
from inlet_bridge.cli.options import (
    FileOption,
    JsonOption,
    ParameterOption,
    SourceArgument,
    pairs,
)
from inlet_bridge.cli.sample_files import samples_of_a_source

_FLOW_AND_FILE: Final = "FLOW=FILE, such as events=schema.json"


def map_samples(
    source: SourceArgument,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...",
            show_default=False,
            callback=samples_of_a_source,
            help='Bodies as they are sent, or {"headers": {...}, "body": ..., "query": {...}}.'
            " - is standard input.",
        ),
    ] = None,
    *,
    file: FileOption = None,
    parameter: ParameterOption = None,
    schema: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FLOW=FILE",
            help="XDM schema of a flow, as exported by Adobe's Schema Registry (xed-full).",
        ),
    ] = None,
    stack: Annotated[
        str | None,
        typer.Option(
            "--stack",
            envvar="BRIDGE_STACK",
            metavar="STACK",
            show_default="that of the local cloud if one runs, else none: then only --schema is"
            " compared",
            callback=chosen_or_local_stack,
            help="Deployed stack whose schemas and identity namespaces the messages must fit.",
        ),
    ] = None,
    behavior: Annotated[
        Literal["time-series", "record"],
        typer.Option(help="For flows without a schema: whether _id and timestamp are added."),
    ] = "time-series",
    header: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Header of every sample.")
    ] = None,
    query: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Query parameter of every sample."),
    ] = None,
    event_type: Annotated[
        str, typer.Option(metavar="TYPE", help="Overrides the event type of the request.")
    ] = "",
    validate_at_adobe: Annotated[
        bool,
        typer.Option(
            "--validate-at-adobe",
            help="Have Adobe validate each message in the stack's development sandbox (region VA7,"
            " 60 a minute). It ingests valid messages and drops others.",
        ),
    ] = False,
    as_json: JsonOption = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Repeat whenever one of the files changes.")
    ] = False,
) -> None:
    """Preview the messages that samples become.

    The source is a resource of sources.yaml. Nothing is sent without --validate-at-adobe.
    The exit status is 1 if a sample would be rejected or become a dead letter.
    """
    from inlet_bridge.cli.map_preview import MapOptions, show_previews
    from inlet_bridge.mapping.sample_reading import STANDARD_INPUT

    if validate_at_adobe and not stack:
        raise typer.BadParameter("needs --stack", param_hint="--validate-at-adobe")
    if watch and STANDARD_INPUT in map(str, files or ()):
        raise typer.BadParameter("needs files: - is read once", param_hint="--watch")
    options = MapOptions(
        source=source,
        files=tuple(files or ()),
        sources=file,
        parameters=dict(pairs("--parameter", parameter)),
        schemas=tuple(
            (flow, Path(path)) for flow, path in pairs("--schema", schema, _FLOW_AND_FILE)
        ),
        stack=stack or "",
        validates=validate_at_adobe,
        behavior=behavior,
        headers=dict(pairs("--header", header)),
        query=pairs("--query", query),
        event_type=event_type,
        as_json=as_json,
    )
    raise typer.Exit(0 if show_previews(options, watch=watch) else 1)
