"""What a source declares of the reason why a request was refused, for the advice on it."""

from typing import Final

from bridge.sources.source import Source
from inlet_bridge.operations.delivery.written_signature import signature_header

_ADDRESS: Final = "the source IP is not allowed"
_FORM: Final = "the signature has another form than"

DECLARED: Final = frozenset({_ADDRESS, _FORM})
"""The reasons, as the advice has them, about which a source declares something."""


def declared_cause(source: Source, reason: str) -> str:
    """A sentence with the addresses, or the signature, that a source accepts; else empty.

    Args:
        source: that refused the request.
        reason: one of `DECLARED`, or another.
    """
    if reason == _ADDRESS and source.access_rules.allowed_cidrs:
        return f"{source.name} has AllowedCidrs {', '.join(source.access_rules.allowed_cidrs)}."
    if reason == _FORM and (header := signature_header(source.scheme)):
        return f"{source.name} reads `{header}`."
    return ""
