"""What all pages of one running inspector share."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inlet_bridge.inspector.security.action_log import ActionLog
from inlet_bridge.operations.deployed import Deployed


@dataclass(frozen=True, slots=True)
class Inspector:
    """One running inspector.

    Attributes:
        stack: the only stack that is shown; empty for all stacks of the account and region.
        is_local: whether it shows the local cloud.
        actions_allowed: whether requests may change anything.
        sources_file: the template that the map editor reads.
        deployed: returns the resources of a stack.
        actions: where actions are recorded.
    """

    stack: str
    is_local: bool
    actions_allowed: bool
    sources_file: Path
    deployed: Callable[[str], Deployed]
    actions: ActionLog
