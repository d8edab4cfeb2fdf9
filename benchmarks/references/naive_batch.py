"""The naive forwarder: one document with all messages, and one request."""

import json
import os
from http import HTTPStatus
from typing import Any

from benchmarks.references.naive import parameters, session


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Forward the messages of the event."""
    address = json.loads(parameters()[os.environ["ADDRESS_NAME"]])
    messages = []
    for record in event["Records"]:
        entity = json.loads(record["body"].partition("\n")[2])
        messages.append(
            {
                "header": address["header"],
                "body": {"xdmMeta": address["xdmMeta"], "xdmEntity": entity},
            }
        )
    answer = session.post(
        address["url"].replace("/collection/", "/collection/batch/"),
        data=json.dumps({"messages": messages}),
        headers={"Content-Type": "application/json", "x-adobe-flow-id": address["flow_id"]},
        timeout=10,
    )
    answer.raise_for_status()
    failed = [
        {"itemIdentifier": record["messageId"]}
        for record, item in zip(event["Records"], answer.json()["responses"], strict=True)
        if item["status"] != HTTPStatus.OK
    ]
    return {"batchItemFailures": failed}
