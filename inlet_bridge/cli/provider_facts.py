"""Render the facts of a provider for `inlet providers` and docs/providers.md."""

from collections.abc import Iterator
from typing import Final

from bridge.verification.fact_kinds import (
    SIGNATURE_PARTS,
    Algorithm,
    Bodies,
    EventIdentity,
    Fact,
    Refusal,
    RegistrationCheck,
    Retries,
)
from bridge.verification.facts import Facts

_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_IDENTITY: Final = {
    "id": "The delivery id identifies the event",
    "content": "A hash of the signed content identifies the event",
    "request": "Each request counts as an event of its own",
    "body": "Only a hash of body and event type identifies the event",
}


_AMOUNTS: Final = {
    "minor": "in minor units of the currency, which `money` converts",
    "major": "in units of the currency",
    None: "not documented",
}


def fact_lines(facts: Facts) -> Iterator[tuple[str, str]]:
    """Titles and texts, as Markdown; each text ends with its source."""
    yield "Event identity", _with_source(_identity(facts.event), facts.event)
    if facts.event.risk:
        yield "Risk", facts.event.risk
    yield "Retries", _with_source(_retries(facts.retries), facts.retries)
    if not facts.registration.checks:
        yield "Registration check", _with_source("none is documented", facts.registration)
    for check in facts.registration.checks:
        yield "Registration check", _with_source(_check(check), check)
    yield "Refusal", _with_source(_refusal(facts.refusal), facts.refusal)
    yield "Formats", _with_source(_bodies(facts.bodies), facts.bodies)
    yield "Algorithm", _with_source(_algorithm(facts.algorithm), facts.algorithm)
    yield "Amounts", _with_source(_AMOUNTS[facts.amounts.unit], facts.amounts)


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
    text += f"; with another {_list(changed)}" if changed else "; with the same request"
    ends = [str(status) for status in retries.ended_by]
    return f"{text}; ended only by {_list(ends)}" if ends else text


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _check(check: RegistrationCheck) -> str:
    signed = "signed" if check.signed else "unsigned"
    return f"{check.method}, {signed}: {check.status}"


def _refusal(refusal: Refusal) -> str:
    if not refusal.documented:
        return "not documented"
    parts = []
    if refusal.status is not None:
        body = " without a body" if refusal.body == "none" else ""
        parts.append(f"must be {refusal.status}{body}")
    if refusal.retried is not None:
        parts.append(f"a refused webhook is {'' if refusal.retried else 'not '}sent again")
    if refusal.disables:
        statuses = _list([str(status) for status in refusal.disables])
        parts.append(f"{statuses} {'end' if len(refusal.disables) > 1 else 'ends'} all webhooks")
    return "; ".join(parts)


def _bodies(bodies: Bodies) -> str:
    if not bodies.documented:
        return "not documented"
    words = {"none": "no body"}
    forms = _list([words.get(form, form) for form in bodies.forms])
    return (
        f"{forms}; Content-Encoding {_list(list(bodies.encodings))}" if bodies.encodings else forms
    )


def _algorithm(algorithm: Algorithm) -> str:
    allowed = _list(list(algorithm.allowed)) if algorithm.allowed else "none"
    if not algorithm.stated_in:
        return allowed
    place = "the token" if algorithm.stated_in == "token" else f"`{algorithm.stated_in}`"
    without = f"; without it {algorithm.without}" if algorithm.without else ""
    return f"{allowed}, as {place} states{without}"
