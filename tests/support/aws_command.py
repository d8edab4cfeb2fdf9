"""Emulate the command line of AWS, which is not installed with the tools."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def run_aws(
    client_of: Callable[[str], Any], folder: Path, service: str, operation: str, *options: str
) -> None:
    """Call what `aws SERVICE OPERATION …` calls; `file://` is relative to the folder."""
    client = client_of(service)
    given: dict[str, Any] = {}
    words = iter(options)
    call = getattr(client, operation.replace("-", "_"), None)
    if operation == "wait":
        call = client.get_waiter(next(words).replace("-", "_")).wait
        given = {"WaiterConfig": {"Delay": 1}}
    for word in words:
        name = "".join(part.title() for part in word.removeprefix("--").split("-"))
        if name == "Overwrite":
            given[name] = True
            continue
        value = next(words)
        if value.startswith("file://"):
            value = (folder / value.removeprefix("file://")).read_text()
        given[name] = value
    assert call, operation
    call(**given)
