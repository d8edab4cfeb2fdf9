"""Register SnapStart hooks: before the snapshot and after each restore.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

import os
import random
from collections.abc import Callable, Mapping


def prepare_snapshot(
    prepare: Callable[[], object], environ: Mapping[str, str] = os.environ
) -> None:
    """Make Lambda call `prepare` before it takes the snapshot; does nothing without SnapStart.

    Args:
        prepare: must neither read data nor connect, since a restore may happen weeks later.
        environ: indicates whether a snapshot will be taken.
    """
    if environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") != "snap-start":
        return
    from snapshot_restore_py import (  # noqa: PLC0415 (part of Lambda's runtime)
        register_after_restore,
        register_before_snapshot,
    )

    register_before_snapshot(prepare)
    # Otherwise all restored copies would use the same jitter; ids use the system's randomness.
    register_after_restore(random.seed)
