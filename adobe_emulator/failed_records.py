"""The files of a batch's failed records: one JSON document per line.

Sources: "Retrieving failed batches using the Data Access API" (`_validationErrors`, the missing
source name), a lab of Adobe's on failed ingestion (`_errors`, `header`, `body`, each as text), the
Shopify source's tutorial (what is added to the header). What a failed record of a raw flow looks
like is unknown; here it has no header.
"""

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from adobe_emulator.arrivals import Arrival
from adobe_emulator.batches import Batch
from adobe_emulator.settings import FailedRecordForm
from adobe_emulator.strict_json import parse
from adobe_emulator.violation_report import code_of, tree

MARKER_OF_SUCCESS: Final = "_SUCCESS"
"""An empty file beside the others."""

_UNREADABLE: Final = {
    "code": "1401",
    "message": "Row is corrupted and cannot be read, please fix and resend.",
}


def files_of(batch: Batch, form: FailedRecordForm, records_per_file: int) -> dict[str, bytes]:
    """The files with the failed records of a batch, by name; none if there are no such records."""
    lines = [_line(record_of(arrival, form)) for arrival in batch.failed]
    files = {MARKER_OF_SUCCESS: b""} if lines else {}
    name = uuid5(NAMESPACE_URL, batch.id)
    for number, part in enumerate(_parts(lines, records_per_file)):
        files[f"part-{number:05d}-{name}-c000.json"] = b"".join(part)
    return files


def row_errors_of(batch: Batch, records_per_file: int) -> dict[str, bytes]:
    """The files with the errors of rows: those of an upload cannot be parsed."""
    kind = "parsing" if batch.is_upload else "conversion"
    files = {}
    for number, part in enumerate(_parts(batch.failed, records_per_file)):
        name = f"{kind}_errors_{number}.json"
        files[name] = b"".join(_line(_row_error(each, batch, name)) for each in part)
    return files


def record_of(arrival: Arrival, form: FailedRecordForm) -> dict[str, Any]:
    """One failed record."""
    document = parse(arrival.content)
    causes = [tree(arrival.failures)]
    if not arrival.is_enveloped:
        return {"body": document, "_errors": {"_streamingValidation": causes}}
    source = {"name": arrival.added.get("sourceName"), **document["header"].get("source", {})}
    added = {name: each for name, each in arrival.added.items() if name != "sourceName"}
    added["traceContext"] = _trace_context(arrival)
    record = {"body": document["body"], "header": {**document["header"], **added, "source": source}}
    if form is FailedRecordForm.VALIDATION_ERRORS:
        return {**record, "_validationErrors": causes}
    record["_errors"] = {"_streamingValidation": causes}
    if form is FailedRecordForm.TEXT:
        return {name: _text(each) for name, each in record.items()}
    return record


def _trace_context(arrival: Arrival) -> dict[str, Any]:
    trace = uuid5(NAMESPACE_URL, str(arrival.added.get("xactionId"))).hex
    return {"traceId": trace, "spanId": trace[:16], "isSampled": False}


def _row_error(arrival: Arrival, batch: Batch, name: str) -> dict[str, Any]:
    if batch.is_upload:
        corrupt = arrival.content.decode(errors="replace")
        return {"_corrupt_record": corrupt, "_errors": [_UNREADABLE], "_filename": name}
    violation = arrival.failures[0]
    error = {"code": code_of(violation), "message": violation.message}
    return {"_errors": [error], "_filename": name}


def _parts[T](items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _text(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"))


def _line(document: Any) -> bytes:
    return f"{_text(document)}\n".encode()
