"""Errors of the mapping preview."""

from inlet_bridge.operations.errors import OperationError


class PreviewError(OperationError):
    """An argument or file is invalid; the text names it and the fix."""
