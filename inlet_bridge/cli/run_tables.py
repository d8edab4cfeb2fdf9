"""Tables of the result of a run."""

from collections.abc import Iterator, Mapping, Sequence

from inlet_bridge.cli.listing import Listing
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.local.deployment import Bridge
from inlet_bridge.local.scenario import Variation
from inlet_bridge.local.signatures import PROVIDERS
from inlet_bridge.local.verdict import Verdict

_COLUMNS = ("", "Provider", "Event", "Sent", "Response", "Flow", "Delivery id", "xactionId")
_INDENTATION = "  "
_ACCEPTED = {200: "green", 202: "yellow"}


def webhooks_table(verdicts: Sequence[Verdict]) -> Listing:
    """One line per webhook, or a block of lines on a narrow terminal."""
    table = Listing(*_COLUMNS, title="What happened to each webhook")
    for verdict in verdicts:
        table.add_row(*_cells(verdict))
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
        Text(outcome.delivery_id or "-"),
        Text(verdict.xaction_id or "-"),
    )


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


def chain_lines(prefix: str, values: Mapping[str, str]) -> Iterator[Text]:
    """The SSM parameters of the connection, indented by their folders."""
    yield Text(f"The chain, as {prefix}/connections has it", style="italic")
    shown: tuple[str, ...] = ()
    for name, value in sorted(values.items()):
        *folders, leaf = name.removeprefix("connections/").split("/")
        for depth, folder in enumerate(folders):
            path = tuple(folders[: depth + 1])
            if shown[: depth + 1] != path:
                yield Text(f"{_INDENTATION * (depth + 1)}{folder}", style="bold")
        shown = tuple(folders)
        indented = _INDENTATION * (len(folders) + 1)
        yield Text.assemble((f"{indented}{leaf}  ", "cyan"), value)


def addresses(bridge: Bridge) -> Mapping[str, str]:
    """The addresses of the services."""
    adobe = bridge.adobe
    sources = (name.removeprefix("sources/") for name in bridge.parameters.below("sources"))
    others = {each for each in sources if "/" not in each} - set(PROVIDERS)
    named = {f"{each} webhooks": bridge.api.url(each) for each in (*PROVIDERS, *sorted(others))}
    named["AWS endpoint"] = bridge.stack.cloud.endpoint
    named["Adobe"] = adobe.platform_url + (" (emulated)" if adobe.emulator else "")
    if adobe.ledger_url:
        named["the inlet's ledger"] = adobe.ledger_url
        named["the data lake"] = f"{adobe.emulator}/_emulator/lake"
    return named


def address_lines(bridge: Bridge, inspector: str = "") -> Iterator[Text]:
    """The addresses, one on a line; with the URL of the inspector if it is not empty."""
    yield Text("Where everything listens", style="italic")
    named = {**addresses(bridge), **({"the inspector": inspector} if inspector else {})}
    for name, url in named.items():
        yield Text.assemble((f"  {name:<18} ", "cyan"), url)
