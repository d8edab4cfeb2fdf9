"""Check that a text can sign the webhooks of a provider."""

from bridge.verification.schemes import Scheme
from bridge.verification.stored_secrets import expected_form, stored_secret
from inlet_bridge.operations.account.secret_text import secret_fault as text_fault
from inlet_bridge.senders.sender import Sender


def secret_fault(scheme: Scheme, secret: str, sender: Sender) -> str:
    """What a signing key must be; empty if it can be used.

    Args:
        scheme: that verifies the webhooks.
        secret: the shared secret, or the private key.
        sender: that signs them.
    """
    if scheme.family == "none":
        return ""
    try:
        stored = sender.stored(secret)
    except (ValueError, TypeError, LookupError, AttributeError):
        return "must be the private key that signs: PEM, or 32 bytes in hexadecimal digits"
    if not stored_secret(scheme, stored):
        return f"must be {expected_form(scheme)}"
    fault = text_fault(scheme, stored)
    return f"is not the secret: {fault}" if fault else ""
