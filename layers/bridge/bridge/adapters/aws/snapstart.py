"""SnapStart: what is made ready before the snapshot, and what every copy of it does anew.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

import os
import random
from collections.abc import Callable, Mapping


def prepare_snapshot(
    prepare: Callable[[], object], environ: Mapping[str, str] = os.environ
) -> None:
    """Have Lambda call `prepare` before it takes the snapshot; without SnapStart nothing happens.

    Args:
        prepare: must read nothing and connect to nobody, since a copy may begin weeks later.
        environ: tells whether a snapshot will be taken.
    """
    if environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") != "snap-start":
        return
    from snapshot_restore_py import (  # noqa: PLC0415 (part of Lambda's runtime)
        register_after_restore,
        register_before_snapshot,
    )

    register_before_snapshot(prepare)
    # Or all copies would wait for the same times; ids come from the system's own randomness.
    register_after_restore(random.seed)
