"""Record what was done in the inspector, and by whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bridge.strict_json import write_json_text
from inlet_bridge.operations.errors import OperationError

type Write = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ActionLog:
    """A line of JSON for each action, in a file and wherever else it is written.

    Attributes:
        file: it is created with access for its owner only, and appended to.
        who: the ARN of the caller's credentials, or what is known instead.
        write: called with the line.
    """

    file: Path
    who: str
    write: Write = lambda _: None

    def record(self, action: str, stack: str, **details: str) -> None:
        """Record an action before it is done. Raises OperationError if it cannot be recorded."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        line = write_json_text(
            {"at": at, "who": self.who, "action": action, "stack": stack, **details},
            ascii_only=True,
        )
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.touch(mode=0o600)
            with self.file.open("a", encoding="utf-8") as lines:
                lines.write(line + "\n")
        except OSError as exc:
            raise OperationError(
                f"the action was not done, since it cannot be recorded: {exc}",
                hint="XDG_STATE_HOME names another folder for the log of actions.",
            ) from exc
        self.write(line)
