"""The error of operations."""


class OperationError(Exception):
    """An operation failed.

    Attributes:
        hint: how to fix it, or empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NotDeployedError(OperationError):
    """The stack does not exist, or its first deployment has not ended."""


class NoAccountError(OperationError):
    """The environment names no account of AWS.

    Attributes:
        stack: that was asked for; empty if the request was about none.
    """

    def __init__(self, message: str, *, stack: str = "") -> None:
        super().__init__(message, hint="Set AWS_PROFILE and AWS_REGION.")
        self.stack = stack


class InvalidPropertyError(OperationError):
    """The provisioner rejects a property.

    Attributes:
        path: of the property, such as `Routes.0.Map`.
        reason: what is wrong.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"the provisioner says: {path}: {reason}")
        self.path = path
        self.reason = reason
