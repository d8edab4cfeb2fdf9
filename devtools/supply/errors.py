"""The error of the supply chain checks."""


class SupplyError(Exception):
    """A shipped file or package fails a check."""
