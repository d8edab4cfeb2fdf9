"""Read bodies of webhooks from files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from bridge.strict_json import read_json
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.json_files import json_fault
from inlet_bridge.mapping.sample_reading import read_sample, sample_name
from inlet_bridge.operations.errors import OperationError

# As of a webhook that the receiver takes.
_MOST_BYTES: Final = 1_000_000
_MOST_FILES: Final = 200


def read_bodies(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The JSON objects of files, as `inlet map` reads them. Raises OperationError."""
    for number, file in enumerate(files, 1):
        if number > _MOST_FILES:
            raise OperationError(f"there are more than {_MOST_FILES} samples")
        try:
            _, body, _ = read_sample(file)
        except PreviewError as exc:
            raise OperationError(str(exc)) from exc
        name = sample_name(file)
        if len(body) > _MOST_BYTES:
            raise OperationError(f"{name} is larger than a webhook, {_MOST_BYTES} bytes")
        try:
            document = read_json(body.decode("utf-8-sig"))
        except (ValueError, RecursionError) as exc:
            fault = json_fault(body) or "is not JSON"
            raise OperationError(f"{name} {fault}", hint="A sample is a JSON object.") from exc
        if not isinstance(document, dict):
            raise OperationError(
                f"{name} is no JSON object", hint="Write each event of a list to its own file."
            )
        yield document
