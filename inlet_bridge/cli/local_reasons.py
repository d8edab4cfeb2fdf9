"""Look up in the local cloud why its receiver rejected a request."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.cli.local_stack import running_variables, use
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.logs.refusals import Refusals

_ATTEMPTS: Final = 4
_WAIT_SECONDS: Final = 0.5


def local_reasons(source: str, began: datetime) -> Sequence[str]:
    """The reason of the newest rejected request since a time; empty if none is logged or read."""
    variables = running_variables()
    if not variables:
        return ()
    try:
        return _newest(Refusals(Deployed(use(variables))), source, began)
    except (OperationError, BotoCoreError, ClientError):
        return ()


def _newest(refusals: Refusals, source: str, began: datetime) -> Sequence[str]:
    for _ in range(_ATTEMPTS):
        if found := refusals.newest(source, since=began, limit=1).found:
            return [found[0].reason]
        time.sleep(_WAIT_SECONDS)
    return ()
