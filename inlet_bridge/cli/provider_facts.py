"""Render the facts of a provider for `inlet providers` and docs/providers.md."""

from collections.abc import Iterator
from typing import Final

from bridge.verification.facts import (
    SIGNATURE_PARTS,
    EventIdentity,
    Fact,
    Facts,
    RegistrationCheck,
    Retries,
)

_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_IDENTITY: Final = {
    "id": "The delivery id identifies the event",
    "content": "A hash of the signed content identifies the event",
    "request": "Each request counts as an event of its own",
    "body": "Only a hash of body and event type identifies the event",
}


def fact_lines(facts: Facts) -> Iterator[tuple[str, str]]:
    """Titles and texts, as Markdown; each text ends with its source."""
    yield "Event identity", _with_source(_identity(facts.event), facts.event)
    if facts.event.risk:
        yield "Risk", facts.event.risk
    yield "Retries", _with_source(_retries(facts.retries), facts.retries)
    for check in facts.registration:
        yield "Registration check", _with_source(_check(check), check)
    if facts.refusal is not None:
        body = ", without a body" if facts.refusal.body == "none" else ""
        yield "Refusal", _with_source(f"{facts.refusal.status}{body}", facts.refusal)
    if bodies := facts.bodies:
        forms = ", ".join(bodies.forms)
        codings = f"; Content-Encoding {', '.join(bodies.encodings)}" if bodies.encodings else ""
        yield "Formats", _with_source(f"{forms}{codings}", bodies)
    if algorithm := facts.algorithm:
        without = f"; without it {algorithm.without}" if algorithm.without else ""
        yield "Algorithm", _with_source(f"in `header:{algorithm.header}`{without}", algorithm)


def duration(seconds: int) -> str:
    """A duration in its two largest units, such as `7 h 1 min`."""
    parts = []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])


def _with_source(text: str, fact: Fact) -> str:
    said = f"{text}. {fact.note}".strip()
    reservation = ", not verified" if fact.unverified else ""
    return f"{said} [Source]({fact.source}){reservation}."


def _identity(event: EventIdentity) -> str:
    return f"{_IDENTITY[event.by]}; {'signed' if event.signed else 'not signed'}"


def _retries(retries: Retries) -> str:
    if retries.after_seconds:
        *first, last = map(duration, retries.after_seconds)
        when = f"{', '.join(first)} and {last}" if first else last
        text = f"after {when}"
    elif retries.within_seconds == 0:
        return "none"
    elif retries.within_seconds is not None:
        text = f"for up to {duration(retries.within_seconds)}"
    else:
        text = "at times that are not documented"
    parts = [f"`{part}`" for part in retries.changes if part not in SIGNATURE_PARTS]
    own = ["timestamp"] if "timestamp" in retries.changes else []
    own += ["signature"] if "signature" in retries.changes else []
    changed = [*own, *parts]
    return f"{text}; {f'with another {_list(changed)}' if changed else 'with the same request'}"


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _check(check: RegistrationCheck) -> str:
    signed = "signed" if check.signed else "unsigned"
    return f"{check.method}, {signed}: {check.status}"
