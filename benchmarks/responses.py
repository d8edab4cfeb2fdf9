"""Responses of the stub services: the minimum of AWS, IMS and the inlet for a webhook.

All requests succeed: every claim is granted and every message is accepted.
"""

import hashlib
import json
from collections.abc import Mapping

XACTION_ID = "1764102000000:4242:17"
_JSON = "application/json"
_AWS_JSON = "application/x-amz-json-1.0"


def answer(
    path: str, target: str, content: bytes, parameters: Mapping[str, str]
) -> tuple[int, str, bytes]:
    """Return status, content type and content.

    Args:
        path: of the request.
        target: the `X-Amz-Target` header, which names the operation of an AWS service.
        content: of the request.
        parameters: the SSM parameters.
    """
    if target:
        return 200, _AWS_JSON, _aws(target.rpartition(".")[2], content, parameters)
    if path.startswith("/ims/token"):
        return 200, _JSON, _json({"access_token": "token", "expires_in": 86_399})
    if path.startswith("/collection/batch/"):
        return 207, _JSON, _items(content.count(b'"xdmEntity":'))
    if path.startswith("/collection/"):
        return 200, _JSON, _json({"xactionId": XACTION_ID, "receivedTimeMs": 1_764_102_000_000})
    return 404, _JSON, b"{}"


def _aws(operation: str, content: bytes, parameters: Mapping[str, str]) -> bytes:
    match operation:
        case "GetParameters":
            return _parameters(json.loads(content)["Names"], parameters)
        case "PutParameter":
            return _json({"Version": 1, "Tier": "Standard"})
        case "SendMessage":
            body = json.loads(content)["MessageBody"].encode()
            digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
            return _json({"MessageId": "m-1", "MD5OfMessageBody": digest})
        case "BatchGetItem":
            return _json({"Responses": {}, "UnprocessedKeys": {}})
        case _:
            return b"{}"


def _parameters(names: list[str], parameters: Mapping[str, str]) -> bytes:
    found = [
        {"Name": name, "Value": parameters[name], "Type": "SecureString", "Version": 1}
        for name in names
        if name in parameters
    ]
    missing = [name for name in names if name not in parameters]
    return _json({"Parameters": found, "InvalidParameters": missing})


def _items(count: int) -> bytes:
    items = [{"xactionId": f"{XACTION_ID}:{index}", "status": 200} for index in range(count)]
    return _json({"batchId": XACTION_ID, "receivedTimeMs": 1_764_102_000_000, "responses": items})


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
