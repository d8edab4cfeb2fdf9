"""`python -m devtools.supply.audit`: fail if a shipped package is vulnerable.

If the advisories are unreachable, it prints a line and does not fail.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from devtools.supply.errors import SupplyError
from inlet_bridge.local.workspace import ROOT

REQUIREMENTS = ROOT / "layers" / "dependencies" / "requirements.txt"
# Advisories that do not concern the bridge, each with the reason.
ACCEPTED: Mapping[str, str] = {}
# Any of these in the output of pip-audit means that OSV is unreachable.
_AWAY = ("requests.exceptions.", "ServiceError", "Could not connect")


def audit(requirements: Path, options: Sequence[str] = ()) -> str:
    """Query OSV for each requirement and return a summary.

    It uses OSV, because mirrors of PyPI often respond with 404 for PyPI's own advisories.

    Args:
        requirements: with exact versions and hashes.
        options: further options of pip-audit.

    Raises:
        SupplyError: a package is vulnerable, or the requirements are invalid.
    """
    accepted = [option for identifier in ACCEPTED for option in ("--ignore-vuln", identifier)]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip_audit", "--requirement", str(requirements)),
            *("--require-hashes", "--disable-pip", "--vulnerability-service", "osv"),
            *("--format", "json", "--progress-spinner", "off", "--timeout", "10"),
            *(*accepted, *options),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if not done.stdout.startswith("{"):
        said = (done.stderr.strip() or "nothing").splitlines()[-1]
        if any(word in done.stderr for word in _AWAY):
            return "Vulnerabilities were not checked: the advisories cannot be reached."
        raise SupplyError(f"pip-audit failed: {said}")
    return _judged(json.loads(done.stdout)["dependencies"])


def _judged(dependencies: Sequence[Mapping[str, Any]]) -> str:
    found = [
        f"{dependency['name']} {dependency['version']}: {vulnerability['id']}"
        f" (mended in {', '.join(vulnerability['fix_versions']) or 'no version yet'})"
        for dependency in dependencies
        for vulnerability in dependency.get("vulns", ())
    ]
    if found:
        raise SupplyError("known vulnerabilities\n" + "\n".join(found))
    skipped = [dependency["name"] for dependency in dependencies if "skip_reason" in dependency]
    if skipped:
        return f"Vulnerabilities were not checked: {', '.join(skipped)}."
    return f"No known vulnerability in {len(dependencies)} packages."


if __name__ == "__main__":
    try:
        print(audit(REQUIREMENTS))
    except SupplyError as exc:
        sys.exit(f"audit: {exc}")
