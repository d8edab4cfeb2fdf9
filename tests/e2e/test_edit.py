"""`inlet up --keep` deploys an edit of sources.yaml, and the next webhook has the new message."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from inlet_bridge.local.parameters import Parameters
from inlet_bridge.local.running_cloud import running_cloud
from inlet_bridge.local.stack import STAGE
from inlet_bridge.local.workspace import LOCAL, ROOT, SOURCES_FILE

INLET = str(Path(sys.executable).with_name("inlet"))
ADDRESS = re.compile(r"http://\S+/webhooks/github\b")
BEFORE, AFTER = "producedBy: \"'system'\"", "producedBy: \"'self'\""
INVALID = "producedBy: 'join('"


@dataclass
class Running:
    """A local cloud that keeps running.

    Attributes:
        output: what it prints.
        file: its copy of `sources.yaml`.
        url: of the source github.
    """

    output: IO[str]
    file: Path
    url: str
    secret: Path

    def wait_for(self, words: str) -> str:
        """The next line with the words."""
        for line in self.output:
            if words in line:
                return line
        pytest.fail(f"it ended before it printed {words!r}")

    def edit(self, old: str, new: str) -> None:
        """Replace words of the file, as an editor does."""
        text = self.file.read_text()
        assert old in text
        self.file.write_text(text.replace(old, new))

    def send(self) -> None:
        """Send a webhook of GitHub."""
        arguments = ["send", "github", "push", "--to", self.url, "--secret-file", str(self.secret)]
        subprocess.run([INLET, *arguments], cwd=ROOT, check=True, capture_output=True)  # noqa: S603


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    file = tmp_path / "sources.yaml"
    shutil.copy(SOURCES_FILE, file)
    command = ["env", "--default-signal=INT", INLET, "up", "--keep", "--file", str(file)]
    with subprocess.Popen(  # noqa: S603
        [*command, "--port", "0", "--adobe-port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        url = first_address(process.stdout)
        cloud = running_cloud(LOCAL / "runs", process.pid)
        secret = tmp_path / "secret"
        secret.write_text(Parameters(cloud, STAGE).secret("github"))
        try:
            yield Running(process.stdout, file, url, secret)
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()
    assert process.returncode == 0


def first_address(output: IO[str]) -> str:
    """The URL of the source github."""
    for line in output:
        if found := ADDRESS.search(line):
            return found[0]
    pytest.fail("it ended before it printed the addresses")


def test_next_webhook_after_an_edit_has_the_new_message(running: Running) -> None:
    running.wait_for("Everything keeps running")
    running.send()
    running.wait_for("A message reached the inlet")
    running.wait_for('"producedBy": "system"')

    running.edit(BEFORE, AFTER)
    running.wait_for("✓ Deploying sources.yaml")
    running.send()
    running.wait_for("A message reached the inlet")
    running.wait_for('"producedBy": "self"')

    # An edit that cannot be deployed says so, and the former one stays.
    running.edit(AFTER, INVALID)
    running.wait_for("cannot be deployed")
    running.send()
    running.wait_for('"producedBy": "self"')

    running.edit(INVALID, BEFORE)
    running.wait_for("✓ Deploying sources.yaml")
    running.send()
    running.wait_for('"producedBy": "system"')
