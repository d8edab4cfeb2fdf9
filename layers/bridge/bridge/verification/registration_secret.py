"""Which secrets a provider may bring itself, with the first request of a registration."""

from bridge.verification.encodings import key_from_secret
from bridge.verification.schemes import Scheme

# Asana's have 64 characters, Notion's 50; a shorter one could be guessed.
_SHORTEST = 20
_LONGEST = 256


def takes_shared_secret(scheme: Scheme) -> bool:
    """Whether a text that both sides know is all that the scheme needs.

    A public key that arrives with a request proves nothing, and a scheme without stored secrets
    would never use one.
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
    """Whether a text can be the secret of the scheme: bounded, printable and a usable key."""
    return (
        takes_shared_secret(scheme)
        and _SHORTEST <= len(text) <= _LONGEST
        and text.isascii()
        and text.isprintable()
        and " " not in text
        # SSM refuses what looks like a reference (Systems Manager API reference, PutParameter).
        and "{{" not in text
        and (scheme.family != "mac" or bool(key_from_secret(text, scheme.key)))
    )
