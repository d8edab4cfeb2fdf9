"""The error of setting up a stage."""


class InitializationError(Exception):
    """An answer cannot be used; the text names it and the way out."""
