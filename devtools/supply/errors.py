"""The one error of the supply chain."""


class SupplyError(Exception):
    """Something is shipped that nobody vouches for."""
