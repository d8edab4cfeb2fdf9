"""The `inlet` command.

`inlet --help` imports no more than the modules of arguments; each command imports its
implementation when it runs.
"""

from typing import Annotated

import typer

from inlet_bridge.cli import (
    connection_commands,
    dead_letter_commands,
    delivery_commands,
    failed_commands,
    provider_commands,
    recipe_commands,
    schema_commands,
)
from inlet_bridge.cli.add_command import add
from inlet_bridge.cli.console_command import console
from inlet_bridge.cli.cost_command import cost
from inlet_bridge.cli.drain_command import drain
from inlet_bridge.cli.erase_command import erase
from inlet_bridge.cli.error_output import (
    PlainGroup,
    replace_closed_streams,
    replace_unencodable_characters,
)
from inlet_bridge.cli.ingested_command import ingested
from inlet_bridge.cli.init_command import init
from inlet_bridge.cli.map_command import map_samples
from inlet_bridge.cli.replay_command import replay
from inlet_bridge.cli.secret_command import secret
from inlet_bridge.cli.up_command import up
from inlet_bridge.cli.version import print_version

# Help with rich's markup imports a Markdown parser and a syntax highlighter.
app = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Exit status: 0 for success, 1 for a failure or a negative result, 2 for wrong usage,"
    " 130 after Ctrl-C.",
)


@app.callback()
def inlet(
    *,
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Inlet Bridge: SaaS webhooks to Adobe Experience Platform streaming inlets."""
    replace_closed_streams()
    replace_unencodable_characters()


for command in (
    up,
    init,
    add,
    secret,
    connection_commands.plan,
    connection_commands.apply,
    connection_commands.status,
    connection_commands.repair,
    connection_commands.destroy,
    connection_commands.doctor,
    delivery_commands.deliveries,
    delivery_commands.tail,
    delivery_commands.why,
    console,
    delivery_commands.pause,
    delivery_commands.resume,
    delivery_commands.audit,
    ingested,
    drain,
    replay,
    erase,
    provider_commands.send,
    provider_commands.providers,
    recipe_commands.recipes,
    cost,
):
    app.command()(command)
app.command(name="map")(map_samples)
app.add_typer(dead_letter_commands.app, name="dead-letters")
app.add_typer(failed_commands.app, name="failed")
app.add_typer(schema_commands.app, name="schema")
