"""Check, before anything is built, that `samconfig.toml` has what `make deploy` needs of a stage.

`python -m devtools.deployable dev`. SAM finds out after the build.
"""

import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError

from inlet_bridge.operations.account.stage import stage_name

_SOURCES = "-sources"


def fault(text: str, stage: str, region: str) -> str:
    """Why a stage cannot be deployed, as sentences; empty if nothing is known against it.

    Args:
        text: of `samconfig.toml`.
        stage: its name.
        region: of the environment or the AWS profile; empty without one.
    """
    try:
        document = tomllib.loads(text)
        stage_name(stage)
    except tomllib.TOMLDecodeError as exc:
        return f"samconfig.toml cannot be read: {exc}"
    except ValueError as exc:
        return f"there is no stage {stage}: {exc}"
    sections = {name: each for name in document if (each := _parameters(document[name]))}
    missing = [each for each in (stage, f"{stage}{_SOURCES}") if each not in sections]
    if missing:
        stages = [name for name in sections if f"{name}{_SOURCES}" in sections]
        has = f" It has {', '.join(stages)}." if stages else ""
        return (
            f"samconfig.toml has no section {' and no section '.join(missing)}.{has}"
            f" `inlet init --stage {stage}` adds the stage."
        )
    if not region and not all(sections[each].get("region") for each in (stage, f"{stage}-sources")):
        return (
            f"no region is set for the stage {stage}: `inlet init --stage {stage}` writes it to"
            " samconfig.toml, or set AWS_REGION."
        )
    return ""


def _parameters(section: Any) -> Mapping[str, Any]:
    """The parameters of `sam deploy` in a section, if it names a stack; else none."""
    try:
        found: Mapping[str, Any] = section["deploy"]["parameters"]
    except (KeyError, TypeError):
        return {}
    return found if "stack_name" in found else {}


def _region() -> str:
    try:
        return os.environ.get("AWS_REGION", "") or boto3.Session().region_name or ""
    except BotoCoreError:
        return "unknown"  # SAM says what is wrong with the profile.


def main() -> int:
    """The exit status."""
    path = Path("samconfig.toml")
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = fault(text, sys.argv[1], _region())
    if found:
        sys.stderr.write(f"{found}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
