"""Errors of the mapping preview."""


class PreviewError(Exception):
    """An argument or file is invalid; the text names it and the fix."""
