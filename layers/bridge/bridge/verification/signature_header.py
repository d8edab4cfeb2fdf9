"""One grammar for the signature texts of all providers.

The text is split on the separator, each item is stripped and parted at the assignment; items
with the signature's key are signatures, the one with the timestamp's key is the timestamp, all
others are ignored. That covers `<hex>`, `sha256=<hex>`, `t=..,v1=..`, `ts=..;h1=..` and
`v1,<base64> v1,<base64>`.
"""

from typing import NamedTuple

from bridge.verification.schemes import Signature

# DocuSign signs with up to 100 keys, in a header each; longer lists are only work.
_MOST_ITEMS = 200
_SPACE = " \t"  # What HTTP allows around a list's items, RFC 9110 5.6.3; Python strips more.


class PresentedSignature(NamedTuple):
    """What a request shows: all its signatures, and a timestamp or an empty text."""

    signatures: tuple[str, ...]
    timestamp: str


def parse_signature(text: str, grammar: Signature) -> PresentedSignature:
    """Read a signature header; never raises."""
    items = text.split(grammar.separator, _MOST_ITEMS) if grammar.separator else [text]
    if len(items) > _MOST_ITEMS:
        return PresentedSignature((), "")
    if not grammar.assignment:
        return PresentedSignature(
            tuple(found for item in items if (found := item.strip(_SPACE))), ""
        )
    signatures = []
    timestamp = ""
    for item in items:
        key, _, found = item.strip(_SPACE).partition(grammar.assignment)
        if not found:
            continue
        if key == grammar.key:
            signatures.append(found)
        elif key == grammar.timestamp_key:
            timestamp = timestamp or found
    return PresentedSignature(tuple(signatures), timestamp)
