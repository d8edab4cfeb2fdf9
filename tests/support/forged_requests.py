"""Sources that are attacked, and the requests and messages of an attack."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.http_requests import configure

BRAINTREE_KEY, BRAINTREE_ID = "CANARY-private", "integration_public_key"
WHOLE = [{"Flow": "orders", "Map": {"body": "body"}}]
SECRET = "CANARY-shared"
SIGNED_BODY = {"Family": "mac", "Content": "{body}", "Signature": {"From": "header:x-signature"}}


def messages(cloud: DeliveryCloud) -> list[Any]:
    """Return the entities that are in the inlet."""
    return [json.loads(each.content)["body"]["xdmEntity"] for each in cloud.adobe.ledger.received]


def mac(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """Return the signature header of `SIGNED_BODY`."""
    return {"x-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def braintree(payload: str, **fields: str) -> bytes:
    """Return a form as Braintree signs it."""
    key = hashlib.sha1(BRAINTREE_KEY.encode(), usedforsecurity=False).digest()
    signature = hmac.new(key, payload.encode(), "sha1").hexdigest()
    form = {"bt_signature": f"{BRAINTREE_ID}|{signature}", "bt_payload": payload, **fields}
    return urlencode(form).encode()


def configure_braintree(cloud: DeliveryCloud, **properties: Any) -> None:
    constants = {"public_key": BRAINTREE_ID}
    given = {"Provider": "braintree", "Constants": constants, "Routes": WHOLE, **properties}
    assert configure(cloud, "braintree", BRAINTREE_KEY, **given) == ""


ADYEN_KEY = "CA" * 32
