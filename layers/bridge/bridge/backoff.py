"""Compute exponential back-off."""

from datetime import timedelta

# Caps the exponent: the longest pause is reached before.
_MAX_DOUBLINGS = 20


def backoff_ceiling[T: (float, timedelta)](attempt: int, first: T, longest: T) -> T:
    """The longest pause after a failed attempt; multiply it by a random number for full jitter.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

    Args:
        attempt: the number of failed attempts, from 1.
        first: the ceiling after the first one.
        longest: the upper bound.
    """
    return min(first * (1 << min(attempt - 1, _MAX_DOUBLINGS)), longest)
