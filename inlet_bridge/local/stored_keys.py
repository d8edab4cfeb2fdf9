"""Sign with test keys for providers that publish their keys."""

from dataclasses import replace

from bridge.verification.catalogue import PRESETS
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import PublicKeyScheme
from inlet_bridge.senders.keys import public_pem
from inlet_bridge.senders.sender import Sender


def with_stored_key(provider: str, sender: Sender) -> Sender:
    """The same sender, with a scheme that stores a key and fetches none.

    Args:
        provider: one that publishes its keys, so the bridge trusts no other keys by default.
        sender: signs with a test key.
    """
    match PRESETS[provider].scheme:
        case PublicKeyScheme() as scheme:
            rest = str(scheme._replace(address=None))
            published_at: dict[str, object] = {"Address": "none"}
        case JwtScheme() as scheme:
            rest = str(scheme._replace(jwks_url="", jwks_request=()))
            published_at = {"JwksUrl": "", "JwksRequest": []}
        case _:
            return sender

    def stored(secret: str) -> str:
        pages = sender.published(secret) if sender.published and "Address" in published_at else {}
        return "".join(page.decode() for page in pages.values()) or public_pem(secret).decode()

    return replace(
        sender,
        stored=stored,
        published=None,
        # The provisioner rejects a constant that nothing refers to.
        constants={k: v for k, v in sender.constants.items() if f"{{const:{k}}}" in rest},
        scheme={**sender.scheme, **published_at},
    )
