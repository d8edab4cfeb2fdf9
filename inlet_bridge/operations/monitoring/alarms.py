"""Read which alarms of a deployment ring."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from inlet_bridge.operations.deployed import Deployed

_RUNBOOK: Final = re.compile(r"docs/operations\.md#([a-z0-9-]+)")
# The limit of DescribeAlarms; a deployment has about twenty.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class AlarmState:
    """An alarm.

    Attributes:
        name: its logical ID in the template, or else its own name.
        state: `OK`, `ALARM` or `INSUFFICIENT_DATA`.
        runbook: the anchor of its section in docs/operations.md; empty if it names none.
        reason: CloudWatch's.
        since: when it changed to this state.
    """

    name: str
    state: str
    description: str
    runbook: str
    reason: str
    since: datetime | None


def alarms(deployed: Deployed) -> list[AlarmState]:
    """The alarms of a stack of the bridge and of its stack of sources, in one call.

    Those that ring come first, then those without data.

    Raises:
        ClientError, BotoCoreError, OperationError: they cannot be read.
    """
    own = {physical: logical for logical, physical in deployed.resources.items() if physical}
    of_sources = f"{deployed.stack}-sources-"
    answer: Any = deployed.client("cloudwatch").describe_alarms(
        AlarmNamePrefix=f"{deployed.stack}-",
        AlarmTypes=["CompositeAlarm", "MetricAlarm"],
        MaxRecords=_MOST,
    )
    found = [
        # Another stage's name may begin with that of this one.
        _state(each, own.get(each["AlarmName"], ""))
        for kind in ("CompositeAlarms", "MetricAlarms")
        for each in answer.get(kind, ())
        if each["AlarmName"] in own or each["AlarmName"].startswith(of_sources)
    ]
    order = ("ALARM", "INSUFFICIENT_DATA")
    return sorted(
        found,
        key=lambda each: (
            order.index(each.state) if each.state in order else len(order),
            each.name,
        ),
    )


def _state(alarm: Any, logical_id: str) -> AlarmState:
    description = str(alarm.get("AlarmDescription", ""))
    runbook = _RUNBOOK.search(description)
    return AlarmState(
        logical_id or str(alarm["AlarmName"]),
        str(alarm["StateValue"]),
        description,
        runbook[1] if runbook else "",
        str(alarm.get("StateReason", "")),
        alarm.get("StateTransitionedTimestamp") or alarm.get("StateUpdatedTimestamp"),
    )
