"""The error of editing a file of sources."""


class SourcesFileError(Exception):
    """The file cannot be read or edited; the text names it and the way out."""
