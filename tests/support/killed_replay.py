"""A replay of kept webhooks whose process is killed at any of its writes, on a clock of its own."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from bridge.adapters.aws.sqs import SqsBuffer
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.replay.pacing import Pacer
from inlet_bridge.operations.replay.reopening import Reopening
from inlet_bridge.operations.replay.replay import Replay, not_since
from inlet_bridge.operations.replay.routing import Routing
from inlet_bridge.operations.replay.run import Run, RunFiles, Selection, new_id
from inlet_bridge.operations.replay.sending import Sending
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.replay_world import KilledError, VirtualClock
from tests.support.replayed_cloud import deployed

SOURCE = "hooks"
# What a replay writes: records, then messages.
_WRITES = ("dynamodb.UpdateItem", "sqs.SendMessageBatch")
# Until the next process sends.
_START_SECONDS = 1.0


class _Files(RunFiles):
    """The progress of a run, which a killed process does not save."""

    is_dead = False

    def save(self, run: Run) -> None:
        if not self.is_dead:
            super().save(run)


class KilledReplay:
    """One run in several processes.

    Attributes:
        kills: how many processes were killed.
        sent: when messages were put in the buffer, in seconds, and how many.
    """

    def __init__(self, cloud: DeliveryCloud, folder: Path, rate: float, **selection: Any) -> None:
        self._folder = folder
        self._clock = VirtualClock()
        self._run = Run(
            new_id(datetime.now(UTC)),
            "replay",
            "stack",
            Selection(source=SOURCE, **selection),
            rate,
        )
        self._left: float = 0
        self._dies_after = False
        self._files = _Files(folder)
        self.kills = 0
        self.sent: list[tuple[float, int]] = []
        # The clients that are made from now on have these hooks: those of the replay.
        events = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]
        for each in _WRITES:
            events.register(f"before-call.{each}", self._before)
            events.register(f"after-call.{each}", self._after)
        events.register(f"provide-client-params.{_WRITES[1]}", self._note)
        self._account = deployed(cloud)
        for each in _WRITES:
            events.unregister(f"before-call.{each}", self._before)
            events.unregister(f"after-call.{each}", self._after)
        events.unregister(f"provide-client-params.{_WRITES[1]}", self._note)

    @property
    def run_id(self) -> str:
        return self._run.run_id

    @property
    def seconds(self) -> float:
        """How long the run has taken."""
        return self._clock.seconds

    @property
    def burst(self) -> int:
        """How many messages may be sent at once."""
        return Pacer(self._run.rate).burst

    def most_in_a_second(self) -> int:
        """The most messages that were put in the buffer within any second."""
        return max(
            sum(count for at, count in self.sent if 0 <= at - first < 1 - 1e-6)
            for first, _ in self.sent
        )

    def run_until_killed(self, rng: random.Random, within: int) -> bool:
        """Start a process that is killed at one of its next writes; whether it ended before."""
        self._left, self._dies_after = rng.randrange(1, within), rng.random() < 0.5
        # One time in four, the run goes on at a machine without its file.
        saved = None if rng.random() < 0.25 else RunFiles(self._folder).load(self.run_id)
        try:
            self._process(saved)
        except KilledError:
            self.kills += 1
            return False
        return True

    def finish(self) -> None:
        """Start a process that nobody kills."""
        self._left = float("inf")
        self._process(RunFiles(self._folder).load(self.run_id))

    def _process(self, saved: Run | None) -> None:
        self._clock.seconds += _START_SECONDS
        self._files = _Files(self._folder)
        run = saved or Run(self.run_id, "replay", "stack", self._run.selection, self._run.rate)
        account = self._account
        sending = Sending(
            Reopening(account),
            SqsBuffer(account.sqs, account.buffer),
            run.run_id,
            not_since(run),
            Pacer(run.rate, self._clock.monotonic, self._clock.sleep),
        )
        routing = Routing(Configuration(account).source(SOURCE))
        process = Replay(
            account, run, KeptBodies(account), routing, sending, self._files, self._clock.monotonic
        )
        for _ in process.steps():
            pass

    def _before(self, **_: Any) -> None:
        self._left -= 1
        if self._left < 0 or (self._left == 0 and not self._dies_after):
            self._die()

    def _after(self, **_: Any) -> None:
        if self._left <= 0:
            self._die()

    def _die(self) -> None:
        self._files.is_dead = True
        raise KilledError

    def _note(self, params: dict[str, Any], **_: Any) -> None:
        self.sent.append((self._clock.seconds, len(params["Entries"])))
