"""Synchronous validation: `?syncValidation=true` of the inlet for single messages.

Source: "Streaming ingestion validation". It is for development: 60 requests a minute and inlet,
in the region VA7 only, and what fails is dropped. The status for a batch and that of too many
requests are guesses.
"""

from typing import Any

from adobe_emulator.arrivals import Arrival
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, RefusedError, json_answer
from adobe_emulator.inlet_responses import BAD_FORMAT, problem, problem_document
from adobe_emulator.violation_report import tree

MOST_A_MINUTE = 60
"""Requests to one inlet."""

_NAMES = ("syncValidation", "synchronousValidation")
_MINUTE_MS = 60_000


def is_synchronous(adobe: Adobe, call: Call, inlet_id: str, *, in_batch: bool) -> bool:
    """Whether the request asks for it. Raises RefusedError if it is not available."""
    # aepp always sends it, as False.
    if all((call.first(name) or "").lower() != "true" for name in _NAMES):
        return False
    if not adobe.behavior.validates_synchronously:
        raise problem(501, "Not implemented", "Synchronous validation is not available here")
    if in_batch:
        raise problem(400, BAD_FORMAT, "Synchronous validation is not available for batches")
    now = adobe.clock.milliseconds()
    recent = [at for at in adobe.sync_validations.get(inlet_id, []) if at > now - _MINUTE_MS]
    if len(recent) >= MOST_A_MINUTE:
        raise problem(429, "Too many requests", "Synchronous validation is limited")
    adobe.sync_validations[inlet_id] = [*recent, now]
    return True


def result_of(arrival: Arrival, prefix: str) -> dict[str, Any]:
    """What the response to a valid message says. Raises RefusedError for an invalid one."""
    if arrival.failures:
        document = problem_document(400, BAD_FORMAT, f"{prefix} Message is invalid")
        document["report"]["cause"] = {"_streamingValidation": [tree(arrival.failures)]}
        raise RefusedError(json_answer(400, document))
    return {"status": "pass"}
