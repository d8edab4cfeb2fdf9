"""Arguments of `inlet cost`."""

from typing import Annotated, Literal

import typer

from inlet_bridge.cli.options import JsonOption


def cost(
    *,
    per_month: Annotated[
        int,
        typer.Option("--per-month", min=1, max=10**12, metavar="N", help="Webhooks per month."),
    ] = 1_000_000,
    # API Gateway accepts 10 MB at most and waits 30 s (Amazon API Gateway, "Quotas").
    kilobytes: Annotated[
        float, typer.Option("--kb", min=0.1, max=10_240, help="Size of a body in kB.")
    ] = 1.0,
    inlet_ms: Annotated[
        float,
        typer.Option(min=1, max=30_000, help="Latency of the inlet; see inlet_ms in the logs."),
    ] = 100.0,
    buffered: Annotated[
        float, typer.Option(min=0, max=1, help="Share of webhooks that pass through the buffer.")
    ] = 0.01,
    sources: Annotated[int, typer.Option(min=1, max=10**6, help="Number of sources.")] = 1,
    memory: Annotated[
        int, typer.Option(min=128, max=10_240, help="Memory of the receiver in MB.")
    ] = 256,
    architecture: Annotated[
        Literal["arm64", "x86_64"], typer.Option(help="Processor of the functions.")
    ] = "arm64",
    event_source: Annotated[
        bool, typer.Option("--event-source", help="Include the queue of an event source.")
    ] = False,
    keep_bodies: Annotated[
        int, typer.Option("--keep-bodies", min=0, max=90, metavar="DAYS", help="With KeepBodies.")
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Calculate the AWS cost of a month of webhooks.

    Free tiers are not subtracted.
    """
    from inlet_bridge.cli.cost import show_cost
    from inlet_bridge.cost.usage import Month

    show_cost(
        Month(
            per_month,
            kilobytes,
            inlet_ms,
            buffered,
            sources,
            memory,
            architecture,
            event_source=event_source,
            keep_days=keep_bodies,
        ),
        as_json=as_json,
    )
