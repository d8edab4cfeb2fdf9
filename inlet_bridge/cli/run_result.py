"""Print the result of a run."""

from collections import Counter
from pathlib import Path
from typing import Final

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.delivery_diagram import distinct_messages, picture
from inlet_bridge.cli.run_tables import address_lines, chain_lines, fault_lines, webhooks_table
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.local.deployment import Bridge
from inlet_bridge.local.run import Result

_MOST_TROUBLES = 12
_WHOLE_URLS: Final = (
    "Another path than /webhooks/NAME gets API Gateway's 404, and 127.0.0.1 in place of the host"
    " name 405."
)
_NEXT: Final = {
    True: (
        (".venv/bin/inlet tail", "in another terminal: webhooks as they arrive"),
        (".venv/bin/inlet send stripe invoice.paid", "in a third: one more webhook"),
        (".venv/bin/inlet deliveries", "all of them; `inlet why ID` explains one"),
    ),
    False: (
        ("make run", "on a terminal it keeps running, for webhooks of yours"),
        (
            ".venv/bin/inlet map github events/mapping/github-issue.json",
            "what a webhook becomes",
        ),
        (".venv/bin/inlet providers", "who else can send"),
    ),
}
"""By whether the local cloud keeps running."""


def show_result(
    bridge: Bridge,
    result: Result,
    entrance: Path,
    screen: Screen,
    *,
    stays: bool,
    inspector: str = "",
) -> None:
    """Print webhooks, SSM parameters, addresses, diagram, failed checks and what to try next.

    Args:
        bridge: the deployment.
        result: of the run.
        entrance: the shell file with the credentials of the emulated account, for `aws`.
        screen: where it is printed.
        stays: whether the local cloud keeps running.
        inspector: the URL that signs a browser in, once; empty if no inspector runs.
    """
    prefix = bridge.parameters.prefix
    screen.print("", webhooks_table(result.verdicts))
    screen.print(*chain_lines(prefix, bridge.parameters.below("connections")), "")
    screen.print(*address_lines(bridge, inspector))
    if stays:
        screen.print(
            Text(f"  {_WHOLE_URLS}", style="dim"),
            Text("For the AWS CLI", style="italic"),
            Text(f"  . {entrance}", style="cyan"),
            Text(f"  aws ssm get-parameters-by-path --recursive --path {prefix}", style="cyan"),
        )
    screen.print("")
    screen.print(Text("What reached the inlet", style="italic"))
    screen.print(picture(result.verdicts, result.observations.chain.flow_id), "")
    for line in fault_lines(result.verdicts, result.faults):
        screen.print(line)
    if not result.held:
        _show_troubles(bridge, screen)
    screen.print(_conclusion(result), "", Text("Try next", style="italic"))
    if inspector:
        screen.print(
            Text.assemble((f"  {inspector}", "bold cyan"), ("  webhooks in the browser", "dim")),
            Text(
                "    The URL works once; for another browser: .venv/bin/inlet console"
                " --allow-actions",
                style="dim",
            ),
        )
    for command, purpose in _NEXT[stays]:
        screen.print(Text.assemble((f"  {command}", "cyan"), (f"  {purpose}", "dim")))


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
