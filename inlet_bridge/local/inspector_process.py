"""Run the inspector of the local cloud."""

import re
import sys
from pathlib import Path
from typing import Final

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.programs import Program
from inlet_bridge.local.stack import STACK
from inlet_bridge.local.workspace import ROOT, reserved_port

_START_SECONDS: Final = 60.0
_URL: Final = re.compile(r"^http://\S+$", re.MULTILINE)


class InspectorProcess(Program):
    """`inlet console` on the local cloud, with its actions allowed."""

    def __init__(self, folder: Path, cloud: Cloud, port: int, sources: Path) -> None:
        """Start it; it is ready once it has a `url`.

        Args:
            folder: for its log, which has the URL.
            cloud: whose webhooks it shows.
            port: on the loopback address; 0 is any free one.
            sources: the template that the map editor reads.

        Raises:
            LocalCloudError: the port is taken.
        """
        with reserved_port(port) as free:
            chosen = str(free)
        super().__init__(
            "the inspector",
            (
                str(Path(sys.executable).with_name("inlet")),
                "console",
                *("--stack", STACK),
                *("--port", chosen),
                *("--file", str(sources.resolve())),
                "--allow-actions",
                "--no-browser",
            ),
            environ=cloud.environ(),
            cwd=ROOT,
            log=folder / "inspector.log",
        )

    def url(self) -> str:
        """The URL that signs a browser in, once. Raises LocalCloudError if it does not start."""
        self.wait_until_ready(lambda: bool(self._printed()), _START_SECONDS)
        return self._printed()

    def _printed(self) -> str:
        found = _URL.search(self.log.read_text(encoding="utf-8", errors="replace"))
        return found[0] if found else ""
