"""Look up in the local cloud why its receiver rejected a request."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from inlet_bridge.cli.local_stack import running_variables, use
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.refusals import Refusals

_ATTEMPTS: Final = 4
_WAIT_SECONDS: Final = 0.5


def local_reasons(source: str, began: datetime) -> Sequence[str]:
    """The reason of the newest rejected request since a time; empty if none is logged."""
    variables = running_variables()
    if not variables:
        return ()
    refusals = Refusals(Deployed(use(variables)))
    for _ in range(_ATTEMPTS):
        if found := refusals.newest(source, since=began, limit=1).found:
            return [found[0].reason]
        time.sleep(_WAIT_SECONDS)
    return ()
