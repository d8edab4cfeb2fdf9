"""Who may change a resource: only the owner that created it."""

from typing import Final

from bridge.errors import InvalidPropertyError

DIRECT: Final = "direct"
"""The owner of resources that a direct invocation created."""

RETAINED: Final = "retained"
"""The owner of a connection that a deleted stack retained; the next owner to apply it gets it."""


def require_owner(current: str, owner: str) -> None:
    """Check that an owner may create or change a name.

    Raises:
        InvalidPropertyError: the name has another owner.
    """
    if current not in ("", RETAINED, owner):
        raise InvalidPropertyError("Name", f"belongs to {current}; change it there")
