"""Find the local cloud that runs in another terminal."""

import shlex
from pathlib import Path

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.workspace import LOCAL, is_alive

RUNS = LOCAL / "runs"
_EXPORT = "export "


def running_cloud(runs: Path = RUNS, pid: int | None = None) -> Cloud:
    """The account of the active run, or of that of a process. Raises LocalCloudError."""
    values = entrance_variables(runs, pid)
    if values:
        return Cloud(
            endpoint=values["AWS_ENDPOINT_URL"],
            access_key=values["AWS_ACCESS_KEY_ID"],
            secret_key=values["AWS_SECRET_ACCESS_KEY"],
        )
    raise LocalCloudError(
        "no local cloud is running",
        hint="Start one with make run in another terminal, or name a URL with --to.",
    )


def entrance_variables(runs: Path = RUNS, pid: int | None = None) -> dict[str, str]:
    """The environment variables of the active run's account; empty without one."""
    for entrance in sorted(runs.glob(f"{pid or '*'}/aws.env"), reverse=True):
        if entrance.parent.name.isdecimal() and is_alive(int(entrance.parent.name)):
            return _variables(entrance.read_text(encoding="utf-8"))
    return {}


def _variables(text: str) -> dict[str, str]:
    words = (shlex.split(line.removeprefix(_EXPORT))[0] for line in text.splitlines())
    return dict(word.split("=", maxsplit=1) for word in words)
