"""Senders that send a signed token."""

import base64
import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from inlet_bridge.senders.keys import new_p256, new_rsa
from inlet_bridge.senders.sender import Sender, Sending

GOOGLE_URL = "https://www.googleapis.com/oauth2/v3/certs"
PLAID_URL = "https://sandbox.plaid.com/webhook_verification_key/get"
ISSUER_URL = "https://issuer.example.com/keys"
_KID = "key-1"


def _claims(it: Sending, **more: object) -> dict[str, Any]:
    now = int(it.at.timestamp())
    return {"iat": now, "exp": now + 300, **more}


def _jwt(it: Sending) -> dict[str, str]:
    claims = _claims(it, iss="https://issuer.example.com/", aud="inlet-bridge")
    token = jwt.encode(claims, it.secret, "RS256", headers={"kid": _KID})
    return {"authorization": f"Bearer {token}"}


def _google(it: Sending) -> dict[str, str]:
    claims = _claims(
        it,
        iss="https://accounts.google.com",
        aud="inlet-bridge",
        email="push@acme.iam.gserviceaccount.com",
        email_verified=True,
    )
    token = jwt.encode(claims, it.secret, "RS256", headers={"kid": _KID})
    return {"authorization": f"Bearer {token}"}


def _plaid(it: Sending) -> dict[str, str]:
    claims = {"iat": int(it.at.timestamp()), "request_body_sha256": sha256(it.body).hexdigest()}
    return {"plaid-verification": jwt.encode(claims, it.secret, "ES256", headers={"kid": _KID})}


def _fusionauth(it: Sending) -> dict[str, str]:
    digest = base64.b64encode(sha256(it.body).digest()).decode()
    claims = {"request_body_sha256": digest}
    return {"x-fusionauth-signature-jwt": jwt.encode(claims, it.secret, "HS256")}


def _vonage(it: Sending) -> dict[str, str]:
    """https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks."""
    claims = {
        "iat": int(it.at.timestamp()),
        "jti": it.delivery_id,
        "iss": "Vonage",
        "payload_hash": sha256(it.body).hexdigest(),
        "api_key": "a1b2c3d",
    }
    return {"authorization": f"Bearer {jwt.encode(claims, it.secret, 'HS256')}"}


def _jwk(secret: str) -> dict[str, Any]:
    public: Any = load_pem_private_key(secret.encode(), None).public_key()
    form: Callable[..., str] = (
        ECAlgorithm.to_jwk if hasattr(public, "curve") else RSAAlgorithm.to_jwk
    )
    return {**json.loads(form(public)), "kid": _KID}


def _set_at(url: str) -> Callable[[str], Mapping[str, bytes]]:
    return lambda secret: {url: json.dumps({"keys": [_jwk(secret)]}).encode()}


JSON_WEB_TOKENS = {
    "fusionauth": Sender(_fusionauth),
    "google_pubsub": Sender(
        _google,
        new_secret=new_rsa,
        stored=lambda _: "",
        published=_set_at(GOOGLE_URL),
        constants={
            "audience": "inlet-bridge",
            "service_account": "push@acme.iam.gserviceaccount.com",
        },
    ),
    "jwt": Sender(
        _jwt,
        new_secret=new_rsa,
        stored=lambda _: "",
        published=_set_at(ISSUER_URL),
        scheme={
            "JwksUrl": ISSUER_URL,
            "Issuer": "https://issuer.example.com/",
            "Audience": "inlet-bridge",
        },
    ),
    "plaid": Sender(
        _plaid,
        new_secret=new_p256,
        stored=lambda _: "plaid-secret",
        published=lambda secret: {PLAID_URL: json.dumps({"key": _jwk(secret)}).encode()},
        constants={"client_id": "client-1", "host": "sandbox.plaid.com"},
    ),
    "vonage": Sender(_vonage),
}
