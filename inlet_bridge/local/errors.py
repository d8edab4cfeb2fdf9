"""The errors of the local cloud."""

from pathlib import Path


class LocalCloudError(Exception):
    """A step failed.

    Attributes:
        hint: how to fix it, or empty.
        log: the file whose last lines explain the failure, or None.
    """

    def __init__(self, message: str, *, hint: str = "", log: Path | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.log = log


class FailedStackError(LocalCloudError):
    """CloudFormation could not create or update a stack.

    Attributes:
        reasons: the first of its reasons, each after the logical ID of its resource and a colon.
    """

    def __init__(self, stack: str, reasons: tuple[str, ...]) -> None:
        text = "; ".join(reasons) or "it gives no reason"
        super().__init__(f"the stack {stack} cannot be deployed: {text}")
        self.reasons = reasons
