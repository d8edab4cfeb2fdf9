"""Read the parts of a page: what cannot be read is a note in its place, not a failed page."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.inspector.web.aws_advice import advice_on_error
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.unreachable import unreachable


@dataclass(frozen=True, slots=True)
class Panel[T]:
    """A part of a page.

    Attributes:
        value: None if it cannot be read.
        note: why it cannot; empty if it can.
    """

    value: T | None
    note: str = ""


def panel[T](read: Callable[[], T]) -> Panel[T]:
    """Read a part of a page."""
    try:
        return Panel(read())
    except OperationError as exc:
        return Panel(None, f"This cannot be shown: {exc}. {exc.hint}".strip())
    except ClientError as exc:
        return Panel(
            None, f"This cannot be shown: {sentence_of(exc)}. {advice_on_error(exc)}".rstrip()
        )
    except BotoCoreError as exc:
        return Panel(None, f"This cannot be shown: {sentence_of(exc)}. {unreachable(exc).hint}")


def sentence_of(exc: OperationError | ClientError | BotoCoreError) -> str:
    """An error as a sentence without its full stop."""
    if isinstance(exc, ClientError):
        code = exc.response.get("Error", {}).get("Code", "an error")
        return f"AWS answered {exc.operation_name} with {code}"
    if isinstance(exc, BotoCoreError):
        return str(unreachable(exc))
    return str(exc)
