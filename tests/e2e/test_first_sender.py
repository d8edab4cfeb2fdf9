"""Every command of the page about the first sender works in a fresh clone, in its order."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

from adobe_emulator.settings import EVENTS_DATASET_ID
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.parameters import Parameters
from inlet_bridge.local.running_cloud import running_cloud
from inlet_bridge.local.stack import STACK, STAGE
from inlet_bridge.local.workspace import ROOT
from tests.support.aws_command import run_aws
from tests.support.waiting import MAX_SECONDS, eventually

PAGE = (ROOT / "docs" / "first-sender.md").read_text()
LOCAL_PART, AWS_PART = PAGE.partition("## 5. The same on AWS")[::2]
[SAMPLE, MESSAGE] = re.findall(r"```json\n(.*?)```", LOCAL_PART, re.DOTALL)
[ROUTES] = re.findall(r"```yaml\n(.*?)```", LOCAL_PART, re.DOTALL)
ADDRESS = re.compile(r"(http://\S+/webhooks/)github\b")
EMULATED_ADOBE = re.compile(r"(http://\S+) \(emulated\)")
OWN = {"_id", "timestamp"}
"""Fields that differ between a preview and a webhook that is sent."""


def commands(part: str) -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", part, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


@dataclass
class NewUser:
    """A user who follows the page, in two terminals.

    Attributes:
        folder: where the commands run; the clone once there is one.
        first: what the first terminal prints.
    """

    folder: Path
    values: dict[str, str] = field(default_factory=dict)
    up: subprocess.Popen[str] | None = None

    @property
    def first(self) -> IO[str]:
        assert self.up
        assert self.up.stdout
        return self.up.stdout

    @property
    def cloud(self) -> Cloud:
        assert self.up
        return running_cloud(self.folder / ".local" / "runs", self.up.pid)

    def follow(self, line: str) -> str:
        """Run a command of the local part; return its output."""
        match line.split():
            case ["git", "clone", *_]:
                if not (shutil.which("git") and (ROOT / ".git").exists()):
                    return self.copy()
                return self.run(line.replace("REPOSITORY", f"--quiet {ROOT}"))
            case ["cd", name]:
                self.folder /= name
                return ""
            case ["make", "run"]:
                self.run("make .tools/local")  # What `make run` makes first.
                self.start()
                return ""
            case ["inlet", "deliveries", *_]:
                assert eventually(lambda: self.status(line) == 0), line
        return self.run(line)

    def copy(self) -> str:
        """What a clone has, where git or the repository is missing."""
        made = shutil.ignore_patterns(".venv", ".tools", ".local", ".aws-sam", ".*_cache", ".git")
        shutil.copytree(ROOT, self.folder / "inlet-bridge", ignore=made)
        return ""

    def follow_on_aws(self, line: str) -> None:
        """Run a command of the part about AWS in the account of the local cloud."""
        environ = self.cloud.environ()
        match line.split():
            case ["make", *arguments]:
                self.run(" ".join(("make", "--dry-run", *arguments)), environ)
            case ["aws", *arguments]:
                run_aws(self.cloud.client, self.folder, *arguments)
            case ["inlet", "init", *_]:
                adobe = self.values["ADOBE"]
                self.run(f"{line} --ims {adobe} --platform {adobe}", environ)
            case _:
                self.run(line.replace("inlet-bridge-dev", STACK), environ)

    def run(self, line: str, environ: Mapping[str, str] = os.environ) -> str:
        ended = self._ended(line, environ)
        assert ended.returncode == 0, f"{line}\n{ended.stdout}{ended.stderr}"
        return ended.stdout

    def status(self, line: str) -> int:
        return self._ended(line, os.environ).returncode

    def _ended(self, line: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        line = re.sub(r"\b[A-Z_]{3,}\b", lambda found: self.values.get(found[0], found[0]), line)
        return subprocess.run(  # noqa: S603
            ["bash", "-ec", line],  # noqa: S607
            cwd=self.folder,
            env={**environ, "PATH": self._path(), "COLUMNS": "200", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=MAX_SECONDS,
        )

    def start(self) -> None:
        """`make run`, at free ports."""
        command = ["env", "--default-signal=INT", str(self.folder / ".venv" / "bin" / "inlet")]
        self.up = subprocess.Popen(  # noqa: S603
            [*command, "up", "--keep", "--port", "0", "--adobe-port", "0", "--inspector-port", "0"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        for line in self.first:
            if found := ADDRESS.search(line):
                self.values["URL"] = f"{found[1]}linear"
            if found := EMULATED_ADOBE.search(line):
                self.values["ADOBE"] = found[1]
            if "Everything keeps running" in line:
                return
        pytest.fail("it ended before it was ready")

    def wait_for(self, words: str) -> None:
        """Read the first terminal up to the next line with the words."""
        assert any(words in line for line in self.first), f"it ended before it printed {words!r}"

    def message(self) -> dict[str, Any]:
        """The next message in the first terminal."""
        self.wait_for("A message reached the inlet")
        lines = []
        for line in self.first:
            lines.append(line)
            if line.startswith("}"):
                break
        found: dict[str, Any] = json.loads("".join(lines))
        return found

    def edit(self) -> None:
        """Replace the routes of the source by those of the page."""
        file = self.folder / "sources.yaml"
        before, resource, after = file.read_text().partition("  LinearSource:\n")
        assert resource
        routes = "".join(f"      {line}\n" for line in ROUTES.splitlines())
        after, count = re.subn(r"      Routes:\n(?:        .*\n)+", routes, after, count=1)
        assert count == 1
        file.write_text(before + resource + after)

    def delivered(self) -> str:
        """The ID of the last delivery."""
        found = json.loads(self.run("inlet deliveries linear --state delivered --json"))
        return str(found["deliveries"][0]["delivery_id"])

    def interrupt(self) -> str:
        """Press Ctrl-C in the first terminal; return what it prints until it ends."""
        assert self.up
        self.up.send_signal(signal.SIGINT)
        return self.first.read()

    def _path(self) -> str:
        return f"{self.folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture
def user(tmp_path: Path) -> Iterator[NewUser]:
    user = NewUser(tmp_path)
    try:
        yield user
    finally:
        if user.up:
            with user.up:
                user.interrupt()


def test_every_command_of_the_page_works_in_a_fresh_clone(user: NewUser) -> None:
    expected = json.loads(MESSAGE)
    sent = {name: value for name, value in expected.items() if name not in OWN}

    for line in commands(LOCAL_PART):
        if "DELIVERY_ID" in line:
            user.values["DELIVERY_ID"] = user.delivered()
        if line.startswith("inlet map"):
            user.wait_for("✓ Deploying sources.yaml")
            (user.folder / "issue.json").write_text(SAMPLE)
            user.edit()
        if "--body issue.json" in line:
            user.wait_for("✓ Deploying sources.yaml")
        output = user.follow(line)
        if line.startswith("inlet map"):
            assert json.loads(output[output.index("{") :]) == expected
        if "--body issue.json" in line:
            message = user.message()
            assert {name: message[name] for name in message.keys() - OWN} == sent

    parameters = Parameters(user.cloud, STAGE)
    account = json.loads(parameters.secret("adobe"))
    user.values |= {
        "REGION": "us-east-1",
        "SANDBOX": account["sandbox"],
        "DATASET_ID": EVENTS_DATASET_ID,
    }
    (user.folder / "secrets" / "adobe.json").write_text(json.dumps(account))
    (user.folder / "secrets" / "github.txt").write_text(parameters.secret("github"))
    for line in commands(AWS_PART):
        user.follow_on_aws(line)

    stored = Parameters(user.cloud, "dev").secret("linear").rstrip("\n")
    assert stored == parameters.secret("linear")
    assert EVENTS_DATASET_ID in (user.folder / "samconfig.toml").read_text()
    if (user.folder / ".git").exists():
        untracked = user.run("git ls-files --others --exclude-standard").split()
        assert untracked == [], "`git add --all` would commit them"

    assert "Left: 0 parameters, 0 queues, tables and buckets, 0 objects" in user.interrupt()
