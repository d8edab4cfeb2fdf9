"""A webhook that is signed with an RSA key."""

from datetime import datetime

from bridge.errors import InvalidSignatureError
from bridge.verification.public_key import verify_public_key
from bridge.verification.public_key_scheme import (
    PublicKeyScheme,
)
from bridge.verification.scheme_parameters import Signature
from inlet_bridge.senders.keys import (
    AUTHORITY_NAME,
    authority,
    certificate,
    new_rsa,
    public_pem,
    rsa_signed,
)
from inlet_bridge.senders.private_keys import PAYPAL_URL
from tests.support.provider_fakes import FakePublishedKeys
from tests.support.signing_senders import BODY, CASES, NOW

RSA = new_rsa()
PLAIN = PublicKeyScheme(
    content="{body}",
    signature=Signature(("header:x-sig",), "base64"),
    algorithm="rsa-sha256",
    key="spki-pem",
)
HEADERS = {"x-sig": rsa_signed(RSA, BODY)}
KEY = public_pem(RSA).decode()
PAYPAL = CASES["paypal"]


def paypal(page: str, trusted: str | None = None, now: datetime = NOW) -> bool:
    authorities = certificate(authority(), AUTHORITY_NAME) if trusted is None else trusted
    network = FakePublishedKeys({PAYPAL_URL: page.encode()}, authorities.encode())
    scheme = PAYPAL.declared.scheme
    assert isinstance(scheme, PublicKeyScheme)
    try:
        verify_public_key(scheme, PAYPAL.send(), [], now, network)
    except InvalidSignatureError:
        return False
    return True
