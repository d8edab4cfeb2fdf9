"""Output that cannot be written, such as to a full disk, is reported without a traceback."""

import subprocess
import sys
from pathlib import Path

FULL = Path("/dev/full")
"""Each write fails with ENOSPC: https://man7.org/linux/man-pages/man4/full.4.html"""


def test_output_to_a_full_disk_is_reported() -> None:
    inlet = Path(sys.executable).with_name("inlet")
    with FULL.open("w") as full:
        result = subprocess.run(  # noqa: S603 - ours.
            [inlet, "providers"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert result.returncode == 1
    assert result.stderr == "Failed: the output cannot be written: No space left on device\n"
