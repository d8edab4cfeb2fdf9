"""`python -m tools.supply .aws-sam/build`: compare with the locked wheels, and write the bill.

The bill of materials is `sbom.cdx.json` beside the build, the wheels are in `wheels` there.
"""

import json
import sys
from pathlib import Path

from tools.supply.bill import bill
from tools.supply.comparing import compare
from tools.supply.errors import SupplyError
from tools.supply.lock import locked
from tools.supply.shipped import shipped_in


def supply(build: Path) -> Path:
    """Vouch for the layer of a build. Raises SupplyError."""
    layer = build / "DependenciesLayer"
    document = locked()
    shipped = shipped_in(layer, document)
    compare(layer, shipped, build.parent / "wheels")
    target = build.parent / "sbom.cdx.json"
    target.write_text(json.dumps(bill(document, shipped), indent=2) + "\n")
    return target


if __name__ == "__main__":
    try:
        supply(Path(sys.argv[1]).resolve())
    except SupplyError as exc:
        sys.exit(f"supply: {exc}")
