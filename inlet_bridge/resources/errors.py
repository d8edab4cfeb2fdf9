"""The error of a file with resources."""

from inlet_bridge.operations.errors import OperationError


class ResourceError(OperationError):
    """A file or one of its resources is invalid; the text names the file, the line and the fix."""
