"""`inlet up --keep` deploys an edit of sources.yaml, and the next webhook has the new message."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
import requests

from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.parameters import Parameters
from inlet_bridge.local.running_cloud import running_cloud
from inlet_bridge.local.stack import STACK, STAGE, Stack
from inlet_bridge.local.workspace import LOCAL, ROOT, SOURCES_FILE
from tests.support.moto_deployment import received

INLET = str(Path(sys.executable).with_name("inlet"))
ADDRESS = re.compile(r"http://\S+/webhooks/github\b")
INSPECTOR = re.compile(r"(http://127\.0\.0\.1:\d+)/sign-in\?token=\S+")
BEFORE, AFTER = "producedBy: \"'system'\"", "producedBy: \"'self'\""
INVALID = "producedBy: 'join('"


@dataclass
class Running:
    """A local cloud that keeps running.

    Attributes:
        output: what it prints.
        file: its copy of `sources.yaml`.
        url: of the source github.
        inspector: the URL that signs in to the inspector.
    """

    output: IO[str]
    file: Path
    url: str
    secret: Path
    inspector: str
    cloud: Cloud

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


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("edited")
    file = folder / "sources.yaml"
    shutil.copy(SOURCES_FILE, file)
    command = ["env", "--default-signal=INT", INLET, "up", "--keep", "--file", str(file)]
    with subprocess.Popen(  # noqa: S603
        [*command, "--port", "0", "--adobe-port", "0", "--inspector-port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        inspector = first(INSPECTOR, process.stdout)
        url = first(ADDRESS, process.stdout)
        cloud = running_cloud(LOCAL / "runs", process.pid)
        secret = folder / "secret"
        secret.write_text(Parameters(cloud, STAGE).secret("github"))
        try:
            yield Running(process.stdout, file, url, secret, inspector, cloud)
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()
    assert process.returncode == 0


def first(pattern: re.Pattern[str], output: IO[str]) -> str:
    """The first match in the output."""
    for line in output:
        if found := pattern.search(line):
            return found[0]
    pytest.fail(f"it ended before it printed {pattern.pattern}")


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


def test_inspector_runs_beside_the_local_cloud(running: Running) -> None:
    with requests.Session() as browser:
        signed_in = browser.get(running.inspector, timeout=60)

    assert "local cloud" in signed_in.text
    assert requests.get(running.inspector, timeout=60).status_code == 401


def test_source_may_take_the_name_of_a_sender_of_the_demonstration(running: Running) -> None:
    secret = running.secret.with_name("stripe")
    secret.write_text("whsec_of_the_user")
    given = ("--yes", "--file", str(running.file), "--secret-file", str(secret), "--stage", STAGE)
    # Other tests run other local clouds.
    environ = running.cloud.environ()
    subprocess.run(  # noqa: S603
        [INLET, "add", "stripe", *given], cwd=ROOT, check=True, capture_output=True, env=environ
    )

    running.wait_for("✓ Deploying sources.yaml")
    to = ("--to", running.url.replace("github", "stripe"), "--secret-file", str(secret))
    sent = [INLET, "send", "stripe", "checkout.session.completed", *to]
    subprocess.run(sent, cwd=ROOT, check=True, capture_output=True)  # noqa: S603


def test_demonstration_leaves_out_what_the_file_declares(running: Running) -> None:
    """A second run, of a file with a source that has the name of a sender."""
    ran = subprocess.run(  # noqa: S603
        [INLET, "up", "--once", "--file", str(running.file)]
        + [f"--{name}=0" for name in ("port", "adobe-port", "inspector-port")],
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )

    assert "Every promise was kept" in ran.stdout, ran.stdout
    assert ran.returncode == 0


def test_edit_that_deletes_a_source_says_what_waits_for_it(running: Running) -> None:
    table = Stack(running.cloud, STACK).resources["Deliveries"]
    lifetime = timedelta(hours=1)
    client = running.cloud.client("dynamodb")
    records = DynamoDbDeliveries(client, table, lambda: datetime.now(UTC), lifetime)
    waiting = replace(received("d-1", source="stripe"), received_at=datetime.now(UTC))
    records.postponed(waiting, "the inlet returned 503", datetime.now(UTC) + lifetime)

    running.edit("Name: stripe\n", "Name: renamed\n")

    running.wait_for("! stripe was deleted with 1 delivery in the buffer.")
