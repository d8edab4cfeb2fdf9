"""Find the file with the user's resources."""

from pathlib import Path
from typing import Final

from inlet_bridge.template_reading.errors import MissingFileError

NAME: Final = "sources.yaml"
RESTORING: Final = f"restore that of the repository with `git checkout {NAME}`"
"""What to do if the file is lost, as the end of a sentence."""
_CHECKOUT: Final = Path(__file__).resolve().parents[2]


def default_file() -> Path:
    """`sources.yaml` of the current folder, else of the checkout. Raises MissingFileError."""
    for file in (Path(NAME), _CHECKOUT / NAME):
        if file.is_file():
            return file
    raise MissingFileError(
        f"there is no {NAME} in this folder",
        hint=f"In the clone, {RESTORING}. A command with --file takes another template.",
    )
