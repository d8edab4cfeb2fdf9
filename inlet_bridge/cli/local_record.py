"""Look up in the local cloud what became of a webhook."""

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.cli.local_stack import running_variables, use
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.table import DeliveryRecord, Records


def local_record(source: str, delivery_id: str) -> DeliveryRecord | None:
    """The newest delivery of a source with this ID; None if it cannot be read."""
    variables = running_variables()
    if not variables:
        return None
    try:
        found = Records(Deployed(use(variables))).find(delivery_id, [source])
    except (OperationError, BotoCoreError, ClientError):
        return None
    return found[-1] if found else None
