"""The one error of operations: what cannot be done, and the way out."""


class OperationError(Exception):
    """Something cannot be done.

    Attributes:
        hint: what to do about it, or empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
