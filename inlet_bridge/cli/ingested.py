"""Show what Adobe ingested and rejected."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from inlet_bridge.cli.ingestion_tables import (
    as_document,
    batches_table,
    datasets_table,
    flows_table,
    totals,
)
from inlet_bridge.cli.local_stack import is_local
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.ingestion.ingestion import IngestionReports

_NO_METRICS: Final = (
    "What was accepted and delivered is in metrics of CloudWatch, which the local cloud does not"
    " have."
)


def show(since: datetime | None, stack: str, *, as_json: bool, now: bool) -> bool:
    """Print the summary; return whether nothing is rejected."""
    with report_operation_errors() as screen:
        reports = IngestionReports(Deployed(stack))
        problems: dict[str, str] = {}
        if now:
            with screen.search("Reading Adobe's batches"):
                problems = reports.run_now()["problems"]
        start = since.replace(tzinfo=UTC) if since else datetime.now(UTC) - timedelta(days=1)
        found = reports.since(start)
        if as_json:
            document = as_document(found, problems)
            screen.write(json.dumps(document, indent=2, ensure_ascii=True) + "\n")
            return not found.rejected
        if not found.datasets:
            screen.print(Text("Adobe's batches have not been read yet; --now reads them."))
            return True
        screen.print(datasets_table(found), flows_table(found), totals(found))
        if found.accepted is None and is_local():
            screen.print(Text(_NO_METRICS, style="dim"))
        if found.unsettled:
            screen.print(batches_table(found.unsettled))
        for name, problem in problems.items():
            screen.print(Text(f"{name}: {problem}", style="yellow"))
        return not found.rejected


def save_copy(batch: str, file: Path | None, stack: str) -> None:
    """Write Adobe's copy of the failed records of a batch to a new file."""
    with report_operation_errors() as screen:
        if not batch or file is None:
            raise OperationError("name both --batch ID and --save FILE")
        reports = IngestionReports(Deployed(stack))
        count = 0
        try:
            # Only its owner may read it, since it has the values of webhooks.
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as exc:
            raise OperationError(f"{file} cannot be created: {exc.strerror}") from exc
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as output:
                for line in reports.copy(batch):
                    output.write(f"{line}\n")
                    count += 1
        except OperationError:
            if not count:
                file.unlink()
            raise
        screen.print(Text(f"{count} failed records of batch {batch} are in {file}."))


def settle(batch: str, stack: str) -> None:
    """Settle a batch."""
    with report_operation_errors() as screen:
        record = IngestionReports(Deployed(stack)).settle(batch)
        screen.print(Text(f"{record.unjoined} failed records of batch {batch} are settled."))
