"""How a provider writes its signature, such as `x-zm-signature: v0=…`, for messages and pages."""

from typing import Final

from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.scheme_parameters import Signature
from bridge.verification.schemes import MacScheme, Scheme

_VALUE: Final = "…"
_HEADER: Final = "header:"


def written_signature(signature: Signature) -> str:
    """The text with its keys, as in `t=…,v1=…`; empty if it is nothing but the signature."""
    if not signature.assignment:
        return ""
    keys = [each for each in (signature.timestamp_key, signature.key) if each]
    items = [f"{_shown(each)}{signature.assignment}{_VALUE}" for each in keys]
    # Where a pattern holds, a space after the separator is a part of the form.
    between = f"{signature.separator} "
    has_space = f"{between}{signature.key}{signature.assignment}" in signature.pattern
    return (between if has_space else signature.separator).join(items)


def signature_header(scheme: Scheme) -> str:
    """The header with its signature, as in `x-zm-signature: v0=…`; empty for another place."""
    if not isinstance(scheme, MacScheme | PublicKeyScheme) or not scheme.signature.from_:
        return ""
    first = scheme.signature.from_[0]
    if not first.startswith(_HEADER):
        return ""
    return f"{first.removeprefix(_HEADER)}: {written_signature(scheme.signature) or _VALUE}"


def _shown(key: str) -> str:
    """A key; a placeholder for one that is a constant of the source."""
    return _VALUE if key.startswith("{") else key
