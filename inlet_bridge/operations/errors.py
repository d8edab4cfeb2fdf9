"""The error of operations."""


class OperationError(Exception):
    """An operation failed.

    Attributes:
        hint: how to fix it, or empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
