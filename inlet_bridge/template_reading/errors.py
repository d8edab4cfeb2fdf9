"""The errors of a file with resources."""

from inlet_bridge.operations.errors import OperationError


class ResourceError(OperationError):
    """A file or one of its resources is invalid; the text names the file, the line and the fix."""


class MissingFileError(ResourceError):
    """There is no file with resources."""


class UnknownResourceError(ResourceError):
    """The file has no resource with the name."""


class MissingFieldError(ResourceError):
    """A Map has a field that the schema of its dataset does not have."""


class UnknownValueError(ResourceError):
    """A value is not known before the deployment, which may be fine; the text names its line."""
