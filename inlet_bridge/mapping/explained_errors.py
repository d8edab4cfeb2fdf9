"""Explain why a message that a Map makes would become a dead letter."""

from collections.abc import Mapping
from typing import Any

from inlet_bridge.mapping.applied_target import AppliedTarget
from inlet_bridge.mapping.conversions import with_conversion
from inlet_bridge.mapping.extraneous_keys import extraneous_keys
from inlet_bridge.mapping.mapped_identities import identity_fault
from inlet_bridge.mapping.mapped_literals import (
    mapped_list,
    mapped_literal,
    mapped_value,
    mapped_whole,
)
from inlet_bridge.mapping.null_items import null_items
from inlet_bridge.mapping.schema_places import mapped_scalar, with_limit


def explained(
    error: str, applied: AppliedTarget | None, schema: Mapping[str, Any]
) -> tuple[str, tuple[str, ...]]:
    """An error of a message with what to change, and notes on its Map.

    Args:
        error: the reason why it would become a dead letter.
        applied: the target that makes it; None if it is not known.
        schema: constraints of the message; empty if they are not known.
    """
    if applied is None:
        return with_limit(with_conversion(error), schema), ()
    for find in (identity_fault, mapped_list, mapped_whole):
        if hint := find(applied.place, applied.target, error):
            return error, (hint,)
    if hint := null_items(applied.place, applied.target, applied.context, error):
        return error, (hint,)
    if hint := extraneous_keys(applied.place, applied.target, applied.context, error, schema):
        return error, (hint,)
    value = mapped_value(applied.target, applied.context, error)
    if hint := mapped_scalar(applied.place, applied.target.map, error, schema, value):
        return error, (hint,)
    hint = mapped_literal(applied.place, applied.target, error)
    reason = with_limit(with_conversion(error, value), schema, value)
    return reason, (hint,) if hint else ()
