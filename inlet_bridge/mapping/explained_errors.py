"""Explain why a message that a Map makes would become a dead letter."""

from inlet_bridge.mapping.applied_target import AppliedTarget
from inlet_bridge.mapping.conversions import with_conversion
from inlet_bridge.mapping.mapped_identities import identity_fault
from inlet_bridge.mapping.mapped_literals import (
    mapped_list,
    mapped_literal,
    mapped_value,
    mapped_whole,
)


def explained(error: str, applied: AppliedTarget | None) -> tuple[str, tuple[str, ...]]:
    """An error of a message with what to change, and notes on its Map.

    Args:
        error: the reason why it would become a dead letter.
        applied: the target that makes it; None if it is not known.
    """
    if applied is None:
        return with_conversion(error), ()
    for find in (identity_fault, mapped_list, mapped_whole):
        if hint := find(applied.place, applied.target, error):
            return error, (hint,)
    hint = mapped_literal(applied.place, applied.target, error)
    value = mapped_value(applied.target, applied.context, error)
    return with_conversion(error, value), (hint,) if hint else ()
