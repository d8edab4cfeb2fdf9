"""`sam build` and `sam deploy` of the template, for the emulated account."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.programs import Program
from inlet_bridge.local.workspace import ARCHITECTURE, SAM, TOOL_FOLDERS

_BUILD_SECONDS = 1_800.0
_DEPLOY_SECONDS = 1_800.0


def build(template: Path, cloud: Cloud, folder: Path, log: Path) -> Path:
    """Build for this machine and return the built template. Raises LocalCloudError."""
    target = folder / "build"
    arguments = [
        *("build", "--template-file", str(template), "--cached", "--parallel"),
        *("--build-dir", str(target), "--cache-dir", str(folder / "cache")),
        *("--parameter-overrides", f"Architecture={ARCHITECTURE}"),
    ]
    if _sam(arguments, cloud, folder, log, _BUILD_SECONDS) != 0:
        raise LocalCloudError("sam build failed", hint=_see(log), log=log)
    return target / "template.yaml"


def deploy(
    built: Path,
    stack: str,
    parameters: Mapping[str, str],
    cloud: Cloud,
    log: Path,
) -> bool:
    """Deploy the built template; return whether the deployment succeeded."""
    arguments = [
        *("deploy", "--template-file", str(built), "--stack-name", stack),
        *("--resolve-s3", "--capabilities", "CAPABILITY_IAM"),
        *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
        *("--parameter-overrides", *_overrides(parameters)),
    ]
    return _sam(arguments, cloud, built.parent.parent, log, _DEPLOY_SECONDS) == 0


def _overrides(parameters: Mapping[str, str]) -> Iterable[str]:
    """The overrides in the syntax of `sam`: quoted values with escaped quotes."""
    for name, value in parameters.items():
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        yield f'{name}="{escaped}"'


def _sam(arguments: Sequence[str], cloud: Cloud, folder: Path, log: Path, seconds: float) -> int:
    environ = cloud.environ()
    environ["PATH"] = os.pathsep.join([*map(str, TOOL_FOLDERS), environ.get("PATH", os.defpath)])
    # No telemetry, no files in the developer's home, and a second between two polls of the stack.
    environ |= {
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "1",
        "__SAM_CLI_APP_DIR": str(folder / "app"),
    }
    # `sam deploy` leaves an empty temporary folder for each function and layer that it packs.
    with TemporaryDirectory(dir=folder) as temporary:
        environ["TMPDIR"] = temporary
        # The working folder, because `sam build` also writes .aws-sam/deps there.
        program = Program(
            f"sam {arguments[0]}", [str(SAM), *arguments], environ=environ, cwd=folder, log=log
        )
        with program:
            return program.finish(seconds)


def _see(log: Path) -> str:
    return f"The whole output is in {log}."
