"""Violations as Adobe reports them: a tree of exceptions, and codes of a batch.

The tree is documented in "Streaming ingestion validation", the prefix "The message cannot be
validated" in community reports. Adobe publishes no list of codes:
`required`, `type` and null are from reports of failed batches, `additionalProperties` and
`format` from one report each, the others are guesses.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adobe_emulator.entity_check import Violation, pointer

_CODES: Final = {
    "required": "DCVS-1106-400",
    "type": "DCVS-1104-400",
    "additionalProperties": "DCVS-1057-400",
    "format": "DCVS-1105-400",
    "enum": "DCVS-1111-400",
    "pattern": "DCVS-1108-400",
}
_NULL: Final = "DCVS-1101-400"
_OTHER: Final = "DCVS-1100-400"


def code_of(violation: Violation) -> str:
    """The code under which a batch counts a record with this violation."""
    if violation.keyword == "type" and violation.message.endswith("found: Null"):
        return _NULL
    return _CODES.get(violation.keyword, _OTHER)


def description_of(violation: Violation) -> str:
    """The description of that code; it quotes the value of one record."""
    located = f"{pointer(violation.path)}: {violation.message}" if violation.keyword else ""
    return f"The message cannot be validated: [{located or violation.message}]"


def tree(violations: Sequence[Violation], depth: int = 0) -> dict[str, Any]:
    """One violation by itself, several below the objects that contain them."""
    if len(violations) == 1:
        return _leaf(violations[0])
    at = violations[0].path[:depth]
    below: dict[str, list[Violation]] = {}
    causes: list[Mapping[str, Any]] = []
    for violation in violations:
        if len(violation.path) == depth:
            causes.append(_leaf(violation))
        else:
            below.setdefault(violation.path[depth], []).append(violation)
    causes += [tree(each, depth + 1) for each in below.values()]
    if len(causes) == 1:
        return dict(causes[0])
    return {
        "schemaLocation": _location(violations, depth),
        "pointerToViolation": pointer(at),
        "causingExceptions": causes,
        "message": f"{len(violations)} schema violations found",
    }


def _leaf(violation: Violation) -> dict[str, Any]:
    if not violation.keyword:  # Found before the schema was looked at.
        return {"message": violation.message}
    return {
        "schemaLocation": pointer(violation.schema_path),
        "pointerToViolation": pointer(violation.path),
        "causingExceptions": [],
        "keyword": violation.keyword,
        "message": violation.message,
    }


def _location(violations: Sequence[Violation], depth: int) -> str:
    """The schema that they have in common; `#` for the whole entity."""
    if not depth:
        return "#"
    first, *others = (violation.schema_path for violation in violations)
    common = 0
    for names in zip(first, *others, strict=False):
        if len(set(names)) > 1:
            break
        common += 1
    return pointer(first[:common])
