"""Waits that end on a condition, with one upper bound for the whole suite."""

from collections.abc import Callable

from inlet_bridge.local.polling import wait_until

MAX_SECONDS = 600.0
"""When a wait fails. Far above what a busy machine needs, so that no verdict depends on speed."""


def eventually(condition: Callable[[], bool], *, every: float = 0.2) -> bool:
    """Whether the condition becomes true."""
    return wait_until(condition, MAX_SECONDS, every=every)
