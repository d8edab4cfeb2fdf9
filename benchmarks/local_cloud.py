"""Wall-clock seconds of the local cloud: until its verdict, and until an edit is effective.

Unlike the other figures these are what a developer waits for, and depend on the machine.
"""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from inlet_bridge.local.parameters import Parameters
from inlet_bridge.local.running_cloud import running_cloud
from inlet_bridge.local.stack import STAGE
from inlet_bridge.local.workspace import LOCAL, ROOT, SOURCES_FILE

VERDICT: Final = "`inlet up` until the verdict, build cached"
EDIT: Final = "an edit of sources.yaml until its message is at the inlet"
_INLET: Final = str(Path(sys.executable).with_name("inlet"))
_ADDRESS: Final = re.compile(r"http://\S+/webhooks/github\b")
_VALUES: Final = ("'system'", "'self'")


@dataclass
class _Running:
    """A local cloud that keeps running; `file` is its copy of sources.yaml."""

    output: IO[str]
    file: Path
    pid: int

    def wait_for(self, pattern: str) -> str:
        """The next match in the output. Raises RuntimeError at its end."""
        for line in self.output:
            if found := re.search(pattern, line):
                return found[0]
        raise RuntimeError(f"the local cloud ended before it printed {pattern}")


def measure_local_cloud(edits: int) -> dict[str, list[float]]:
    """Start it, whose build may be cached from an earlier run, and edit it; seconds by name.

    Raises:
        RuntimeError: it ends before the measurement is complete.
    """
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder)) as cloud:
        began = time.monotonic()
        url = cloud.wait_for(_ADDRESS.pattern)
        cloud.wait_for("Every promise was kept")
        spent = {VERDICT: [time.monotonic() - began], EDIT: []}
        cloud.wait_for("Everything keeps running")
        send = _sender(cloud, url, Path(folder) / "secret")
        for number in range(edits):
            old, new = _VALUES[number % 2], _VALUES[1 - number % 2]
            began = time.monotonic()
            text = cloud.file.read_text(encoding="utf-8")
            cloud.file.write_text(text.replace(old, new), encoding="utf-8")
            cloud.wait_for("✓ Deploying")
            subprocess.run(send, cwd=ROOT, check=True, capture_output=True)
            cloud.wait_for(f'"producedBy": "{new.strip("'")}"')
            spent[EDIT].append(time.monotonic() - began)
    return spent


@contextmanager
def _running(folder: Path) -> Iterator[_Running]:
    file = folder / "sources.yaml"
    shutil.copy(SOURCES_FILE, file)
    ports = ("--port", "0", "--adobe-port", "0", "--inspector-port", "0")
    with subprocess.Popen(
        # A shell that starts programs in the background lets them ignore SIGINT.
        ["env", "--default-signal=INT", _INLET, "up", "--keep", "--file", str(file), *ports],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        if process.stdout is None:
            raise RuntimeError("the local cloud has no output")
        try:
            yield _Running(process.stdout, file, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()


def _sender(cloud: _Running, url: str, secret: Path) -> list[str]:
    """The command that sends a webhook of GitHub."""
    account = running_cloud(LOCAL / "runs", cloud.pid)
    secret.touch(mode=0o600)
    secret.write_text(Parameters(account, STAGE).secret("github"), encoding="utf-8")
    return [_INLET, "send", "github", "push", "--to", url, "--secret-file", str(secret)]
