"""Find the local cloud that runs in another terminal."""

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.workspace import LOCAL, is_alive

RUNS = LOCAL / "runs"
_EXPORT = "export "
_ENDPOINT = "AWS_ENDPOINT_URL"
_STARTING = "starting"


def running_cloud(
    runs: Path = RUNS, pid: int | None = None, environ: Mapping[str, str] = os.environ
) -> Cloud:
    """The account of an active run, or of that of a process. Raises LocalCloudError."""
    values = entrance_variables(runs, pid, environ)
    if values:
        return Cloud(
            endpoint=values[_ENDPOINT],
            access_key=values["AWS_ACCESS_KEY_ID"],
            secret_key=values["AWS_SECRET_ACCESS_KEY"],
        )
    raise LocalCloudError(
        "no local cloud is running",
        hint="Start one with make run in another terminal, or name a URL with --to.",
    )


def entrance_variables(
    runs: Path = RUNS, pid: int | None = None, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment variables of an active run's account; empty without one.

    Of several, that of the environment, as after `. aws.env`, or the newest.
    """
    found = sorted(_active(runs.glob(f"{pid or '*'}/aws.env")), key=lambda each: -each[0])
    active = [variables for _, variables in found]
    wanted = environ.get(_ENDPOINT)
    return next((each for each in active if each[_ENDPOINT] == wanted), active[0] if active else {})


def mark_starting(folder: Path) -> None:
    """Mark the folder of this run as that of a local cloud without its stacks."""
    (folder / _STARTING).touch()


def mark_started(folder: Path) -> None:
    """Remove the mark: the stacks are deployed."""
    (folder / _STARTING).unlink(missing_ok=True)


def is_starting(runs: Path = RUNS) -> bool:
    """Whether the local cloud of an active run is not deployed yet."""
    names = (each.parent.name for each in runs.glob(f"*/{_STARTING}"))
    return any(name.isdecimal() and is_alive(int(name)) for name in names)


def _active(entrances: Iterable[Path]) -> Iterator[tuple[float, dict[str, str]]]:
    """The times at which they were written, in seconds, and the variables of active runs."""
    for entrance in entrances:
        if entrance.parent.name.isdecimal() and is_alive(int(entrance.parent.name)):
            # A run that ends meanwhile removes its folder.
            with suppress(FileNotFoundError):
                yield entrance.stat().st_mtime, _variables(entrance.read_text(encoding="utf-8"))


def _variables(text: str) -> dict[str, str]:
    words = (shlex.split(line.removeprefix(_EXPORT))[0] for line in text.splitlines())
    return dict(word.split("=", maxsplit=1) for word in words)
