"""A minimal forwarder: joined strings and one request with urllib3.

A lower bound, not product code: it reads only the body of a delivery, not its source or id. It
neither records nor logs, and raises where it could retry.
"""

import json
import os
from http import HTTPStatus
from typing import Any

from benchmarks.references.lean import http, parameters


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Forward the messages of the event."""
    address = json.loads(parameters()[os.environ["ADDRESS_NAME"]])
    before = json.dumps({"header": address["header"], "body": {"xdmMeta": address["xdmMeta"]}})
    before = f'{before[:-2]},"xdmEntity":'
    messages = [f"{before}{record['body'].partition('\n')[2]}}}}}" for record in event["Records"]]
    answer = http.request(
        "POST",
        address["url"].replace("/collection/", "/collection/batch/"),
        body=f'{{"messages":[{",".join(messages)}]}}',
        headers={"Content-Type": "application/json", "x-adobe-flow-id": address["flow_id"]},
    )
    failed = [
        {"itemIdentifier": record["messageId"]}
        for record, item in zip(event["Records"], answer.json()["responses"], strict=True)
        if item["status"] != HTTPStatus.OK
    ]
    return {"batchItemFailures": failed}
