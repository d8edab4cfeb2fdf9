"""Choose the algorithm that a request states among those that its scheme allows."""

from typing import TYPE_CHECKING, cast

from bridge.errors import InvalidSignatureError
from bridge.verification.extractors import value

if TYPE_CHECKING:
    from bridge.verification.scheme_parameters import Algorithm
    from bridge.verification.schemes import MacScheme
    from bridge.webhook import Webhook


def stated_algorithm(scheme: "MacScheme", webhook: "Webhook") -> "Algorithm":
    """The algorithm of the request.

    Raises:
        InvalidSignatureError: the scheme does not allow what the request states.
    """
    stated = _name(value(webhook, scheme.algorithm_from), scheme.algorithm_key).lower()
    for choice in scheme.algorithms:
        name, _, algorithm = choice.rpartition("=")
        if name.lower() == stated:
            return cast("Algorithm", algorithm)  # scheme_rules checked it.
    raise InvalidSignatureError("the algorithm is not allowed")


def _name(text: str, key: str) -> str:
    if not key:
        return text.strip()
    items = (item.partition("=") for item in text.split(","))
    named = (found.strip() for name, _, found in items if name.strip() == key)
    return next(filter(None, named), "")
