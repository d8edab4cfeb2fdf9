"""Who may change what: a name belongs to whoever made it first."""

from typing import Final

from bridge.errors import InvalidPropertyError

DIRECT: Final = "direct"
"""The owner of what was made by direct invocation."""

RETAINED: Final = "retained"
"""The owner of what a deleted stack left; the next one who wants it gets it."""


def require_free(held_by: str, owner: str) -> None:
    """Check that a name may be taken or changed.

    Raises:
        InvalidPropertyError: somebody else holds it.
    """
    if held_by not in ("", RETAINED, owner):
        raise InvalidPropertyError("Name", f"belongs to {held_by}; change it there")
