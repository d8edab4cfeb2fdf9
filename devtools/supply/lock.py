"""Read the packages that uv.lock allows, with `uv export` in CycloneDX format."""

import json
import subprocess
from typing import Any

from devtools.supply.errors import SupplyError
from inlet_bridge.local.workspace import ROOT

UV = ROOT / ".tools" / "uv" / "bin" / "uv"
_LAYER = ("--only-group", "functions", "--no-emit-project")
_EXPORT = ("export", "--frozen", *_LAYER, "--format", "cyclonedx1.5")


def locked() -> dict[str, Any]:
    """The layer's packages with every file that the lock allows for each. Raises SupplyError."""
    done = subprocess.run(
        [str(UV), *_EXPORT, "--quiet", "--preview-features", "sbom-export"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise SupplyError(f"uv export failed: {done.stderr.decode(errors='replace')}")
    document: dict[str, Any] = json.loads(done.stdout)
    return document
