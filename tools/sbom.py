"""The bill of materials of what the layers ship: `uv export --format cyclonedx1.5` goes in.

What changes without the contents, the serial number and the time, is left out (both are optional:
CycloneDX 1.5, "bom" and "metadata"), so that equal lock files give equal bills.
"""

import json
import sys
from typing import Any


def bill(exported: dict[str, Any]) -> dict[str, Any]:
    """The bill without what differs from run to run."""
    metadata = {name: value for name, value in exported["metadata"].items() if name != "timestamp"}
    kept = {name: value for name, value in exported.items() if name != "serialNumber"}
    return {**kept, "metadata": metadata}


if __name__ == "__main__":
    json.dump(bill(json.load(sys.stdin)), sys.stdout, indent=1)
