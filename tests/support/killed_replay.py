"""`inlet replay` of kept webhooks in processes that are killed at any of their writes."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

import pytest

from bridge.delivery.delivery import Delivery
from inlet_bridge.operations.replay.rate_limiter import RateLimiter
from tests.support.aws_endpoint import aws_endpoint

STACK = "inlet-bridge-dev"
# What a replay writes: records, then messages.
_WRITES: Final = frozenset({"UpdateItem", "SendMessageBatch"})
# The ratio of the clock of the timestamps of messages to the clock that waits, at most.
_CLOCKS: Final = 1.001
_COMMAND: Final = str(Path(sys.executable).with_name("inlet"))


@dataclass
class KilledReplay:
    """One run in several processes.

    Attributes:
        url: of AWS.
        folder: for the progress of the run.
        rate: of the run, per second.
        selection: arguments of `inlet replay`.
        meanwhile: called while a process runs, again and again.
        kills: how many processes were killed.
        sent: of each process, when it has put each message in the buffer.
    """

    url: str
    folder: Path
    rate: float
    selection: Sequence[str]
    meanwhile: Callable[[], None]
    kills: int = 0
    sent: list[list[datetime]] = field(default_factory=list)
    run_id: str = ""
    _left: float = float("inf")
    _dies_before: bool = False
    _process: subprocess.Popen[str] | None = None
    _turn: Any = field(default_factory=Lock)

    def run_until_killed(self, rng: random.Random, within: int) -> bool:
        """Start a process that is killed at one of its next writes; whether it ended before.

        Args:
            rng: chooses the write.
            within: number of writes.
        """
        # Every second time, the run goes on at a machine without its file.
        folder = self.folder / f"other-{self.kills}" if self.kills % 2 else self.folder
        self._left, self._dies_before = rng.randrange(1, within), rng.random() < 0.5
        status, _ = self._run(folder)
        if status == -signal.SIGKILL:
            self.kills += 1
            self.folder = folder
            return False
        assert status == 0
        return True

    def finish(self) -> dict[str, Any]:
        """Start a process that nobody kills; what it prints."""
        self._left = float("inf")
        status, printed = self._run(self.folder)
        assert status == 0
        document: dict[str, Any] = json.loads(printed)
        return document

    def most_above_rate(self) -> float:
        """By how many messages a process has exceeded its rate, within any time, at most.

        A message is stamped after it has waited for its turn, and before the next one has: so two
        portions more may be stamped within a time, however slow the machine is.
        """
        most = 0.0
        for times in map(sorted, self.sent):
            most_left = 0.0
            for number, at in enumerate(times):
                allowed = self.rate * _CLOCKS * (at - times[0]).total_seconds()
                most_left = max(most_left, allowed - number)
                most = max(most, number + 1 - allowed + most_left)
        return most - 2 * RateLimiter(self.rate).burst

    def _run(self, folder: Path) -> tuple[int, str]:
        self.sent.append([])
        command = [_COMMAND, "replay", *self.selection, "--stack", STACK]
        command += ["--rate", str(self.rate), "--json"]
        command += ["--resume", self.run_id] if self.run_id else []
        environment = {**os.environ, "AWS_ENDPOINT_URL": self.url, "XDG_STATE_HOME": str(folder)}
        environment.pop("AWS_ENDPOINT_URL_CLOUDFORMATION", None)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with subprocess.Popen(  # noqa: S603 - the command of this package
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as one:
            with self._turn:
                self._process = one
            while one.poll() is None:
                self.meanwhile()
            assert one.stdout
            printed = one.stdout.read()
        if not self.run_id:
            [file] = folder.rglob("*.json")
            self.run_id = file.stem
        return one.returncode, printed

    def before(self, operation: str, content: bytes) -> bool:
        """Kill the process before its last write is processed."""
        if operation not in _WRITES:
            return False
        with self._turn:
            self._left -= 1
            return self._left <= 0 and self._dies_before and self._kill()

    def after(self, operation: str, content: bytes) -> bool:
        """Kill the process after its last write, or note what it has sent."""
        if operation == "SendMessageBatch":
            for entry in json.loads(content)["Entries"]:
                self.sent[-1].append(Delivery.decode(entry["MessageBody"]).buffered_at)
        if operation not in _WRITES:
            return False
        with self._turn:
            return self._left <= 0 and self._kill()

    def _kill(self) -> bool:
        """Kill what runs; nothing that it has begun is responded to."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        return True


@contextmanager
def killed_replay(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    rate: float,
    meanwhile: Callable[[], None],
    *selection: str,
) -> Iterator[KilledReplay]:
    """A run against moto's AWS, which is served until the block ends."""
    replay = KilledReplay("", folder, rate, selection, meanwhile)
    with aws_endpoint(monkeypatch, replay.before, replay.after) as url:
        replay.url = url
        yield replay
