"""Find the file of sources."""

from pathlib import Path
from typing import Final

from inlet_bridge.local.workspace import ROOT

_FILE: Final = "sources.yaml"


def sources_path() -> Path:
    """The file of the current folder, or else that of the checkout."""
    own = Path(_FILE)
    return own if own.exists() or not (ROOT / _FILE).exists() else ROOT / _FILE
