"""`python -m devtools.supply .aws-sam/build`: compare with locked wheels, write the bill.

The bill of materials is `sbom.cdx.json` next to the build folder, the wheels are in `wheels` there.
"""

import json
import sys
from pathlib import Path

from devtools.authorities import BUNDLE, FOLDER, authorities
from devtools.supply.bill import bill
from devtools.supply.errors import SupplyError
from devtools.supply.lock import locked
from devtools.supply.shipped_wheels import shipped_in
from devtools.supply.wheel_check import compare


def supply(build: Path) -> Path:
    """Check the layer of a build and write its bill of materials. Raises SupplyError."""
    layer = build / "DependenciesLayer"
    document = locked()
    shipped = shipped_in(layer, document)
    compare(layer, shipped, build.parent / "wheels")
    compare_authorities(layer)
    target = build.parent / "sbom.cdx.json"
    target.write_text(json.dumps(bill(document, shipped), indent=2) + "\n")
    return target


def compare_authorities(layer: Path) -> None:
    """Raise SupplyError if the folder of authorities differs from certifi's bundle."""
    folder = layer / FOLDER
    written = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}
    if written and written != authorities((layer / BUNDLE).read_bytes()):
        raise SupplyError(f"{FOLDER} differs from {BUNDLE}")


if __name__ == "__main__":
    try:
        supply(Path(sys.argv[1]).resolve())
    except SupplyError as exc:
        sys.exit(f"supply: {exc}")
