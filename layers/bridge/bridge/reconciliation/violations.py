"""Adobe's reasons for a failed record, without values of the message.

Adobe validates with a Java validator of JSON Schema whose messages quote values, such as `[2018-00]
is not a valid date-time` or `gold is not a valid enum value`
(https://experienceleague.adobe.com/en/docs/experience-platform/ingestion/quality/retrieve-failed-batches,
https://github.com/everit-org/json-schema). Only known phrases are kept, and names of fields in
them; anything else is left out. The keyword and the pointer say which field is at fault.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

MOST_BYTES: Final = 1_024
"""Of a reason."""

_MOST_VIOLATIONS: Final = 5  # Adobe stops validating a message after five.
_MOST_DEPTH: Final = 8
_NAME = r"[A-Za-z_@][A-Za-z0-9_:.\-]{0,79}"
_IS_NAME: Final = re.compile(_NAME)
_POSITION: Final = re.compile(r"\d{1,6}")
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MOST_SEGMENTS: Final = 20

# As in reports of failed batches.
_WRAPPER: Final = "The message cannot be validated: ["
# What is kept of a message: the groups are names of fields, types or numbers of the schema.
_PHRASES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(required key \[{_NAME}\] not found)",
        rf"(extraneous key \[{_NAME}\] is not permitted)",
        r"(extraneous key) \[.*\] (is not permitted)",
        r"(expected type: [A-Za-z]{1,20}(?:, [A-Za-z]{1,20}){0,6}, found: [A-Za-z]{1,20})",
        r"\[.*\] (is not a valid [a-z0-9-]{1,30}(?: [a-z]{1,20})?)(?:\. Expected .*)?",
        r".*(?<=\s)(is not a valid enum value)",
        r"string \[.*\] (does not match pattern) .*",
        r".*(?<=\s)(is not (?:greater|less)(?: than| or equal to) -?[0-9.]{1,30})",
        r".*(?<=\s)(is not a multiple of -?[0-9.]{1,30})",
        r"(expected (?:minLength|maxLength): \d{1,9}, actual: \d{1,9})",
        r"(expected (?:minimum|maximum) item count: \d{1,9}, found: \d{1,9})",
        r"((?:minimum|maximum) size: \[\d{1,9}\], found: \[\d{1,9}\])",
        r"(array items are not unique)",
        r"(value does not match the constant)",
        r"(only \d{1,4} subschema matches out of \d{1,4})",
        r"(no subschema matched out of the total \d{1,4} subschemas)",
        r"(\d{1,6} schema violations found)",
        r"(Payload header is missing Source Name)",
        r"(Payload body is missing xdmEntity)",
    )
)


def reason_of(record: object) -> str:
    """Return the reasons of a failed record in one line; empty if it states none that is known."""
    if not isinstance(record, dict):
        return ""
    errors = record.get("_errors")
    streaming = errors.get("_streamingValidation") if isinstance(errors, dict) else errors
    found = [
        text
        for violations in (streaming, record.get("_validationErrors"))
        for violation in _leaves(violations, 0)
        if (text := _described(violation))
    ]
    text = "; ".join(list(dict.fromkeys(found))[:_MOST_VIOLATIONS])
    return text.encode()[:MOST_BYTES].decode(errors="ignore")


def is_code(text: object) -> bool:
    """Whether a text is an error code or a keyword, and not a sentence or a value."""
    return isinstance(text, str) and _CODE.fullmatch(text) is not None


def _leaves(violations: object, depth: int) -> Iterator[dict[str, Any]]:
    """The violations that have no further causes, a bounded number."""
    if not isinstance(violations, list) or depth > _MOST_DEPTH:
        return
    for violation in violations[: 2 * _MOST_VIOLATIONS]:
        if not isinstance(violation, dict):
            continue
        causes = violation.get("causingExceptions")
        if isinstance(causes, list) and causes:
            yield from _leaves(causes, depth + 1)
        else:
            yield violation


def _described(violation: dict[str, Any]) -> str:
    """One violation: its code or keyword, where, and what of its message is known."""
    code = next(
        (violation[name] for name in ("code", "keyword") if is_code(violation.get(name))), ""
    )
    where = _pointer(violation.get("pointerToViolation"))
    message = _known(violation.get("message"))
    place = f"{code} at {where}" if code and where else f"at {where}" if where else str(code)
    return ": ".join(part for part in (place, message) if part)


def _known(message: object) -> str:
    """The known phrases of a message; `…` stands for a value."""
    if not isinstance(message, str) or len(message) > 4 * MOST_BYTES:
        return ""
    text = _unwrapped(message)
    for phrase in _PHRASES:
        if found := phrase.fullmatch(text):
            kept = " … ".join(found.groups())
            return (
                kept if text.startswith(kept) or found.group(1).startswith("extr") else f"… {kept}"
            )
    return ""


def _unwrapped(message: str) -> str:
    """A message without the sentence around it and without a pointer in front of it."""
    text = message
    if text.startswith(_WRAPPER) and text.endswith("]"):
        text = text[len(_WRAPPER) : -1]
    pointer, separator, rest = text.partition(": ")
    return rest if separator and pointer.startswith("#") and " " not in pointer else text


def _pointer(pointer: object) -> str:
    """A JSON pointer, in which a segment that may be a value is `…`."""
    if not isinstance(pointer, str) or not pointer.startswith("#"):
        return ""
    segments = pointer[1:].split("/")[: _MOST_SEGMENTS + 1]
    kept = (
        each if not each or _IS_NAME.fullmatch(each) or _POSITION.fullmatch(each) else "…"
        for each in segments
    )
    return "#" + "/".join(kept)
