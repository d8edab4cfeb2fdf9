"""Draw which deliveries reached the inlet and which did not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from inlet_bridge.cli.styled_text import Text, stacked
from inlet_bridge.local.scenario import Variation
from inlet_bridge.local.signatures import PROVIDERS
from inlet_bridge.local.verdict import Verdict

_AT_ONCE, _LATER, _REFUSED, _FAILED = "●", "○", "✗", "!"
_STYLES = {_AT_ONCE: "green", _LATER: "yellow", _REFUSED: "magenta", _FAILED: "bold red"}
_MOST_DOTS = 12
_SHOWN_OF_MANY = 8


def picture(verdicts: Sequence[Verdict], flow_id: str) -> Text:
    """The diagram, at most 80 columns wide."""
    counted = [
        verdict for verdict in verdicts if verdict.outcome.webhook.variation is not Variation.AGAIN
    ]
    total = Counter(map(_way, counted))
    senders = [_sender(provider, counted) for provider in PROVIDERS]
    rows = zip_longest(
        senders, _joints(len(senders)), _ways(total), _inlet(distinct_messages(verdicts), flow_id)
    )
    return stacked(Text.assemble(*(part or Text() for part in row)) for row in rows)


def distinct_messages(verdicts: Iterable[Verdict]) -> int:
    """Count the messages in the inlet; a duplicate has the xactionId of the first."""
    return len({verdict.xaction_id for verdict in verdicts if verdict.xaction_id})


def _way(verdict: Verdict) -> str:
    if verdict.outcome.webhook.refusal is not None:
        return _FAILED if verdict.faults else _REFUSED
    if not verdict.xaction_id:
        return _FAILED
    return _AT_ONCE if verdict.outcome.xaction_id else _LATER


def _sender(provider: str, verdicts: Sequence[Verdict]) -> Text:
    mine = [verdict for verdict in verdicts if verdict.outcome.webhook.sample.provider == provider]
    counts = Counter(map(_way, mine))
    dots = "".join(sign * counts[sign] for sign in _STYLES)
    rest = len(dots) - _SHOWN_OF_MANY
    shown = dots if len(dots) <= _MOST_DOTS else f"{dots[:_SHOWN_OF_MANY]}+{rest}"
    line = Text(f"  {provider:<8} ")
    for dot in f"{shown:<{_MOST_DOTS}}":
        line.append(dot, style=_STYLES.get(dot, ""))
    return line


def _joints(senders: int) -> Iterator[Text]:
    for index in range(senders):
        joint = "─╮" if index == 0 else "─╯" if index == senders - 1 else "─┤"
        box = {0: "  ╭────────╮ ", 1: "──▶ bridge │ ", 2: "  │        │ ", 3: "  ╰────────╯ "}
        yield Text(f" {joint}{box.get(index, '')}")


def _ways(total: Mapping[str, int]) -> Iterator[Text]:
    ways = (
        (_AT_ONCE, "inline", "───▶ "),
        (_LATER, "buffered", "───▶ "),
        (_REFUSED, "refused", "     "),
        (_FAILED, "went wrong", "     "),
    )
    for sign, words, arrow in ways:
        if sign == _FAILED and not total[sign]:
            yield Text(" " * 22)
        else:
            yield Text.assemble((f"{total[sign]:>3} {sign} ", _STYLES[sign]), f"{words:<11}{arrow}")


def _inlet(messages: int, flow_id: str) -> Iterator[Text]:
    arrived = f"{messages} messages"
    yield Text("╭───────────────╮")
    yield Text.assemble("│ ", ("inlet        ", "bold"), " │")
    yield Text.assemble("│ ", (f"{arrived:<13}", "bold green"), " │")
    yield Text(f"╰─ {flow_id[:8]} … ─╯")
