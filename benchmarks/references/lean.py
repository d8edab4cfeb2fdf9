"""A minimal handler with urllib3, which calls SSM with a signed request.

A lower bound, not product code: no retries, no timeout, one source.
"""

import hashlib
import hmac
import json
import os
import time
from functools import cache
from typing import Any

import certifi
import urllib3

http = urllib3.PoolManager(ca_certs=certifi.where())


def sign(key: bytes, text: str) -> bytes:
    """One step of Signature Version 4."""
    return hmac.digest(key, text.encode(), "sha256")


@cache
def parameters() -> dict[str, str]:
    """The secret and the inlet's URL, read once."""
    names = [os.environ["SECRET_NAME"], os.environ["ADDRESS_NAME"]]
    content = json.dumps({"Names": names, "WithDecryption": True}).encode()
    endpoint, region = os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_REGION"]
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "host": endpoint.partition("//")[2],
        "x-amz-date": moment,
        "x-amz-target": "AmazonSSM.GetParameters",
    }
    signed = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    digest = hashlib.sha256(content).hexdigest()
    request = hashlib.sha256(f"POST\n/\n\n{lines}\n{signed}\n{digest}".encode()).hexdigest()
    scope = f"{moment[:8]}/{region}/ssm/aws4_request"
    key = f"AWS4{os.environ['AWS_SECRET_ACCESS_KEY']}".encode()
    for part in scope.split("/"):
        key = sign(key, part)
    signature = sign(key, f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{request}").hex()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope},"
        f"SignedHeaders={signed},Signature={signature}"
    )
    answer = http.request("POST", endpoint, body=content, headers=headers)
    return {found["Name"]: found["Value"] for found in answer.json()["Parameters"]}


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Verify a GitHub webhook and forward it."""
    known = parameters()
    address = json.loads(known[os.environ["ADDRESS_NAME"]])
    headers = event["headers"]
    body = event["body"].encode()
    mac = hmac.digest(known[os.environ["SECRET_NAME"]].encode(), body, "sha256").hex()
    if not hmac.compare_digest(headers["x-hub-signature-256"], f"sha256={mac}"):
        return {"statusCode": 401, "body": "{}"}
    before = json.dumps({"header": address["header"], "body": {"xdmMeta": address["xdmMeta"]}})
    content = before[:-2].encode() + b',"xdmEntity":' + body + b"}}"
    answer = http.request(
        "POST",
        address["url"],
        body=content,
        headers={"Content-Type": "application/json", "x-adobe-flow-id": address["flow_id"]},
    )
    return {"statusCode": 200, "body": json.dumps({"xactionId": answer.json()["xactionId"]})}
