"""Runs one program and lets nothing of it outlive whoever started it.

Started as `python guard.py PROGRAM ARGUMENT ...` with a pipe as its input. The pipe closes when
the owner lets go or dies in whatever way, SIGKILL included; then the program and all that it
started, which share one process group, are ended: asked first, killed after a while. A pipe
does this on every Unix, where PR_SET_PDEATHSIG is Linux's alone and reaches no grandchildren.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

PATIENCE_SECONDS = 3.0


def main(argv: Sequence[str]) -> int:
    """Run the program to its end, or to the owner's, and give its exit status."""
    # A handler that does nothing: whoever signals the guard gets the orderly end through the
    # pipe, and unlike SIG_IGN the program does not inherit it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: None)
    # The session is its own, so that Ctrl-C in a terminal reaches the owner only.
    program = subprocess.Popen(argv, stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_end_with_owner, args=(program,), daemon=True).start()
    status = program.wait()
    _signal_group(program, signal.SIGKILL)
    return status if status >= 0 else 128 - status


def _end_with_owner(program: subprocess.Popen[bytes]) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    _signal_group(program, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        program.wait(PATIENCE_SECONDS)
    _signal_group(program, signal.SIGKILL)


def _signal_group(program: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
