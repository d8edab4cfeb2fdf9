"""The results of one run, and their JSON file."""

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.environment import Start
from benchmarks.imports import Import
from benchmarks.sizes import Size
from benchmarks.warm import Calls


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one run.

    Attributes:
        cold: by subject.
        warm: by subject, called in turn.
        unpaused: by subject, called back to back.
        batches: messages per CPU second, by bytes of a message and subject.
        core: microseconds, by call and bytes of the body.
        command: CPU milliseconds of the command's help, and of its libraries.
        local_cloud: seconds of wall-clock time, by what is waited for.
        inspector: CPU milliseconds of the first page of the list, and of rendering its rows.
        imports: of a cold start, by subject.
        sizes: by function and layer.
    """

    seconds: float
    cold: dict[str, list[Start]]
    warm: dict[str, Calls]
    unpaused: dict[str, Calls]
    batches: dict[int, dict[str, list[float]]]
    core: dict[str, dict[int, list[float]]]
    command: dict[str, list[float]]
    local_cloud: dict[str, list[float]]
    inspector: dict[str, list[float]]
    imports: dict[str, list[Import]]
    sizes: dict[str, Size]

    def write(self, path: Path) -> None:
        """Write all values as JSON."""
        document = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": platform.platform(),
            "python": platform.python_version(),
            **asdict(self),
        }
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
