"""Providers by what they sign."""

from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.schemes import MacScheme
from tests.support.signing_senders import (
    CASES,
    UNVERIFIED,
)

VERIFIED = sorted(name for name in CASES if name != UNVERIFIED)
SIGNED = [n for n in VERIFIED if isinstance(CASES[n].declared.scheme, MacScheme | PublicKeyScheme)]
