"""Run the programs of the local cloud, each under a guard that ends it with this process."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from inlet_bridge.local import process_guard as guard
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.polling import wait_until


class Program:
    """A running program. Its output goes to a file; `stop` ends it and its children."""

    def __init__(
        self, name: str, argv: Sequence[str], *, environ: Mapping[str, str], cwd: Path, log: Path
    ) -> None:
        """Start the program.

        Raises:
            LocalCloudError: the program does not exist.
        """
        self.name = name
        self.log = log
        if not Path(argv[0]).exists():
            raise LocalCloudError(
                f"{name} is not installed: {argv[0]} does not exist",
                hint="`make run` installs what it needs; `make clean` first when that is broken.",
            )
        # The inspector's has the URL that signs in.
        log.touch(mode=0o600)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-I", guard.__file__, *argv],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environ),
                cwd=cwd,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait_until_ready(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until it is ready. Raises LocalCloudError if it exits or takes too long."""
        if not wait_until(lambda: not self.running or ready(), seconds):
            raise LocalCloudError(f"{self.name} did not answer in {seconds:.0f} s", log=self.log)
        if not self.running:
            raise LocalCloudError(f"{self.name} ended by itself", log=self.log)

    @property
    def pid(self) -> int:
        """The guard's process; the program is its only child."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it is running."""
        return self._process.poll() is None

    def finish(self, seconds: float) -> int:
        """Wait until it exits; return its exit status. Raises LocalCloudError on a timeout."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise LocalCloudError(
                f"{self.name} was not done in {seconds:.0f} s", log=self.log
            ) from None

    def stop(self) -> None:
        """End it; no effect if it has ended."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(guard.GRACE_SECONDS + 2)
            return
        self._process.kill()
        self._process.wait()
