"""Run a program and end its process group when the owner exits.

Started as `python process_guard.py PROGRAM ARGUMENT ...` with a pipe as its input. The pipe closes
when the owner closes it or exits, also by SIGKILL. Then the process group of the program
receives SIGTERM and later SIGKILL. A pipe works on every Unix; PR_SET_PDEATHSIG exists
on Linux only and does not reach grandchildren.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

GRACE_SECONDS = 3.0


def main(argv: Sequence[str]) -> int:
    """Run the program until it or the owner exits; return its exit status."""
    # A handler without effect: the pipe triggers the shutdown, and unlike SIG_IGN the program
    # does not inherit a handler.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: None)
    # A new session, so that Ctrl-C in a terminal reaches the owner only.
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
        program.wait(GRACE_SECONDS)
    _signal_group(program, signal.SIGKILL)


def _signal_group(program: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
