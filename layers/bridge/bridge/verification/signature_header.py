"""Parse the signature headers of all providers with one grammar.

The text is split at the separator, and each item is stripped and split at the assignment. Items
with the signature's key are signatures, the one with the timestamp's key is the timestamp; all
others are ignored. That covers `<hex>`, `sha256=<hex>`, `t=..,v1=..`, `ts=..;h1=..` and
`v1,<base64> v1,<base64>`.
"""

import re
from typing import NamedTuple

from bridge.verification.scheme_parameters import Signature

# DocuSign signs with up to 100 keys, in a header each; no provider sends longer lists.
_MAX_ITEMS = 200
_SPACE = " \t"  # Whitespace around list items, RFC 9110 5.6.3; `str.strip` removes more.


class PresentedSignature(NamedTuple):
    """The signatures of a header, and its timestamp or an empty text."""

    signatures: tuple[str, ...]
    timestamp: str


def parse_signature(text: str, grammar: Signature) -> PresentedSignature:
    """Parse a signature header; never raises."""
    if grammar.pattern and not re.fullmatch(grammar.pattern, text):
        return PresentedSignature((), "")
    items = text.split(grammar.separator, _MAX_ITEMS) if grammar.separator else [text]
    if len(items) > _MAX_ITEMS:
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
