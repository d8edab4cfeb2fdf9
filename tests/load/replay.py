"""`python -m tests.load.replay`: replay many kept webhooks by `inlet replay`, which is killed.

The test of `tests/functions/test_replay_of_a_range.py` with more webhooks than the suite has time
for. AWS is moto's, in this process; the command is a process of its own.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import pytest

_TEST = Path(__file__).parents[1] / "functions" / "test_replay_of_a_range.py"


def main() -> int:
    """Run the test; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.replay", description=__doc__)
    parser.add_argument("--webhooks", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--kills", type=int, default=8)
    options = parser.parse_args()
    wanted = options.webhooks
    os.environ["REPLAYED_WEBHOOKS"] = str(wanted)
    os.environ["REPLAYED_KILLS"] = str(options.kills)
    os.environ["REPLAYED_RATE"] = str(options.rate)
    began, used = time.monotonic(), time.process_time()
    status = pytest.main(
        ["-q", "-p", "no:cacheprovider", "-p", "no:logging", "--show-capture=no", str(_TEST)]
    )
    seconds, cpu = time.monotonic() - began, time.process_time() - used
    print(f"{wanted:,} webhooks in {seconds:,.0f} s, {cpu:,.0f} s of CPU time")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
