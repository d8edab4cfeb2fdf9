"""Tables of the result of a run."""

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.tree import Tree

from inlet_bridge.cli.styled_text import Text, stacked
from inlet_bridge.local.deployment import Bridge
from inlet_bridge.local.scenario import Variation
from inlet_bridge.local.signatures import PROVIDERS
from inlet_bridge.local.verdict import Verdict

_WIDE = 150
_WIDE_COLUMNS = ("", "Provider", "Event", "Sent", "Response", "Flow", "Delivery id", "xactionId")
_NARROW_COLUMNS = ("", "Webhook", "Response", "Delivery id, xactionId")
_LONGEST_ID = 38
_ACCEPTED = {200: "green", 202: "yellow"}


def webhooks_table(verdicts: Sequence[Verdict], width: int) -> Table:
    """One line per webhook, or two on a narrow terminal."""
    table = Table(title="What happened to each webhook", title_justify="left", box=SIMPLE_HEAD)
    wide = width >= _WIDE
    for name in _WIDE_COLUMNS if wide else _NARROW_COLUMNS:
        table.add_column(name, overflow="fold")
    for verdict in verdicts:
        cells = _cells(verdict)
        table.add_row(*(cells if wide else _in_two_lines(*cells)))
    return table


def _cells(verdict: Verdict) -> tuple[Text, ...]:
    outcome = verdict.outcome
    webhook = outcome.webhook
    return (
        Text("✗", style="bold red") if verdict.faults else Text("✓", style="green"),
        Text(webhook.sample.provider),
        Text(webhook.sample.event),
        Text(webhook.variation, style="dim" if webhook.variation is Variation.NONE else "magenta"),
        _answer(verdict),
        Text(str(outcome.answer.get("flow", "-"))),
        Text(_short(outcome.delivery_id)),
        Text(_short(verdict.xaction_id)),
    )


def _in_two_lines(*cells: Text) -> tuple[Text, ...]:
    mark, provider, event, sent, answer, flow, delivery_id, xaction_id = cells
    return (
        mark,
        stacked((Text.assemble(provider, " ", event), sent)),
        stacked((answer, flow)),
        stacked((delivery_id, xaction_id)),
    )


def _short(name: str) -> str:
    """A name with its hash shortened; the report has the full name."""
    return name if 0 < len(name) <= _LONGEST_ID else f"{name[:_LONGEST_ID]}…" if name else "-"


def _answer(verdict: Verdict) -> Text:
    status = verdict.outcome.status
    if status not in verdict.expected:
        return Text(f"{status}, not {verdict.expected[0]}", style="bold red")
    return Text(str(status), style=_ACCEPTED.get(status, "magenta"))


def fault_lines(verdicts: Sequence[Verdict], others: Sequence[str]) -> Sequence[Text]:
    """One line per failed check."""
    lines = [
        f"{verdict.outcome.webhook.sample.name} ({verdict.outcome.webhook.variation}) {fault}"
        for verdict in verdicts
        for fault in verdict.faults
    ]
    return [Text(f"✗ {line}", style="red") for line in (*lines, *others)]


def chain_tree(prefix: str, values: Mapping[str, str]) -> Tree:
    """The SSM parameters of the connection."""
    tree = Tree(Text(f"The chain, as {prefix}/connections has it", style="italic"), hide_root=False)
    branches = {"": tree}
    for name, value in sorted(values.items()):
        *folders, leaf = name.removeprefix("connections/").split("/")
        path = ""
        for folder in folders:
            parent, path = branches[path], f"{path}/{folder}"
            if path not in branches:
                branches[path] = parent.add(Text(folder, style="bold"))
        branches[path].add(Text.assemble((f"{leaf}  ", "cyan"), value))
    return tree


def addresses(bridge: Bridge) -> Mapping[str, str]:
    """The addresses of the services."""
    adobe = bridge.adobe
    named = {f"{provider} webhooks": bridge.api.url(provider) for provider in PROVIDERS}
    named["AWS endpoint"] = bridge.stack.cloud.endpoint
    named["Adobe"] = adobe.platform_url + (" (emulated)" if adobe.emulator else "")
    if adobe.ledger_url:
        named["the inlet's ledger"] = adobe.ledger_url
        named["the data lake"] = f"{adobe.emulator}/_emulator/lake"
    return named


def addresses_table(bridge: Bridge) -> Table:
    """The addresses as a table."""
    table = Table(
        title="Where everything listens", title_justify="left", box=None, show_header=False
    )
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for name, url in addresses(bridge).items():
        table.add_row(name, url)
    return table
