"""Check secrets that a provider sends with the first request of a registration."""

from bridge.verification.encodings import key_from_secret
from bridge.verification.schemes import Scheme

# Asana's have 64 characters, Notion's 50; a shorter one could be guessed.
_MIN_LENGTH = 20
_MAX_LENGTH = 256


def uses_shared_secret(scheme: Scheme) -> bool:
    """Whether the scheme verifies with nothing but a shared secret.

    A public key that arrives with the request that it verifies authenticates nobody, and a scheme
    without stored secrets would not use one.
    """
    match scheme.family:
        case "mac" | "token":
            return True
        case "jwt":
            shared = all(algorithm.startswith("HS") for algorithm in scheme.algorithms)
            return shared and not scheme.jwks_url
        case _:
            return False


def is_shared_secret(scheme: Scheme, text: str) -> bool:
    """Whether a text is a valid secret of the scheme: bounded, printable and a usable key."""
    return (
        uses_shared_secret(scheme)
        and _MIN_LENGTH <= len(text) <= _MAX_LENGTH
        and text.isascii()
        and text.isprintable()
        and " " not in text
        # SSM rejects values that look like references (Systems Manager API, PutParameter).
        and "{{" not in text
        and (scheme.family != "mac" or bool(key_from_secret(text, scheme.key)))
    )
