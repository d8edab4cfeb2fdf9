"""A simple handler with boto3, requests and hmac."""

import hashlib
import hmac
import json
import os
from functools import cache
from typing import Any

import boto3
import requests

session = requests.Session()


@cache
def parameters() -> dict[str, str]:
    """The secret, the inlet's URL and the message's envelope, read once."""
    names = [os.environ["SECRET_NAME"], os.environ["ADDRESS_NAME"]]
    answer = boto3.client("ssm").get_parameters(Names=names, WithDecryption=True)
    return {found["Name"]: found["Value"] for found in answer["Parameters"]}


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Verify a GitHub webhook and forward it."""
    known = parameters()
    address = json.loads(known[os.environ["ADDRESS_NAME"]])
    headers = {name.lower(): value for name, value in event["headers"].items()}
    body = event["body"].encode()
    mac = hmac.new(known[os.environ["SECRET_NAME"]].encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(headers["x-hub-signature-256"], f"sha256={mac}"):
        return {"statusCode": 401, "body": "{}"}
    entity = json.loads(body)
    message = {
        "header": address["header"],
        "body": {"xdmMeta": address["xdmMeta"], "xdmEntity": entity},
    }
    answer = session.post(
        address["url"],
        data=json.dumps(message),
        headers={"Content-Type": "application/json", "x-adobe-flow-id": address["flow_id"]},
        timeout=10,
    )
    answer.raise_for_status()
    return {"statusCode": 200, "body": json.dumps({"xactionId": answer.json()["xactionId"]})}
