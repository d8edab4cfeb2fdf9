"""Print the result of a run."""

from collections import Counter
from pathlib import Path

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.delivery_diagram import distinct_messages, picture
from inlet_bridge.cli.run_tables import addresses_table, chain_tree, fault_lines, webhooks_table
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.local.deployment import Bridge
from inlet_bridge.local.run import Result

_MOST_TROUBLES = 12


def show_result(bridge: Bridge, result: Result, entrance: Path, screen: Screen) -> None:
    """Print webhooks, SSM parameters, addresses, diagram and failed checks.

    The entrance is the shell file with the credentials of the emulated account.
    """
    prefix = bridge.parameters.prefix
    screen.print("", webhooks_table(result.verdicts, screen.width))
    screen.print(chain_tree(prefix, bridge.parameters.below("connections")), "")
    screen.print(addresses_table(bridge))
    screen.print(
        Text(" Look in with"),
        Text(f"   . {entrance}", style="cyan"),
        Text(f"   aws ssm get-parameters-by-path --recursive --path {prefix}", style="cyan"),
        Text("   .venv/bin/inlet deliveries github", style="cyan"),
        "",
    )
    screen.print(Text("What reached the inlet", style="italic"))
    screen.print(picture(result.verdicts, result.observations.chain.flow_id), "")
    for line in fault_lines(result.verdicts, result.faults):
        screen.print(line)
    if not result.held:
        _show_troubles(bridge, screen)
    screen.print(_conclusion(result))


def _show_troubles(bridge: Bridge, screen: Screen) -> None:
    screen.print(Text("What the functions logged", style="italic"))
    for line, times in Counter(map(str, bridge.logs.troubles())).most_common(_MOST_TROUBLES):
        screen.print(Text(f"  {line}" + (f" ({times} times)" if times > 1 else ""), style="dim"))


def _conclusion(result: Result) -> Text:
    if not result.held:
        numbers = f": {balance}" if (balance := result.observations.balance) else ""
        return Text(f"Not every promise was kept{numbers}.", style="bold red")
    refused = sum(verdict.outcome.webhook.refusal is not None for verdict in result.verdicts)
    taken = distinct_messages(result.verdicts)
    again = len(result.verdicts) - refused - taken
    balance = result.observations.balance
    if balance is None:
        taken_words, refused_words = f"{taken} accepted, each acknowledged by the inlet", ""
    else:
        taken_words, refused_words = f"{balance}, each once", ", none of them at Adobe"
    return Text(
        f"Every promise was kept: {taken_words};"
        f" {again} repetitions recognised; {refused} refused{refused_words}.",
        style="bold green",
    )
