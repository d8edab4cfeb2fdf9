"""Erasure of what concerns a person."""

import json
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from typer.testing import CliRunner, Result

from bridge.delivery.delivery import Delivery
from inlet_bridge.cli.main import app
from tests.support.moto_deployment import Bridge

NOW = datetime.now(UTC)
PERSON, OTHER = "canary@example.com", "other@example.com"
WHERE = f"body.email == '{PERSON}'"


def webhook(name: str, email: str = PERSON, source: str = "github", **changes: Any) -> Delivery:
    body = json.dumps({"email": email, "id": name}).encode()
    delivery = Delivery(source, name, f"id:{name}", "issues", "events", NOW, NOW, body)
    return replace(delivery, kept=delivery.key, **changes)


def keep(bridge: Bridge, *deliveries: Delivery) -> None:
    for each in deliveries:
        bridge.kept_bodies.keep(replace(each, flow=""), 7)


def wait(bridge: Bridge, *deliveries: Delivery, delay: int = 0) -> None:
    for each in deliveries:
        bridge.deliveries.postponed(each, "the inlet returned 503", NOW)
        bridge.buffer.put(each, timedelta(seconds=delay))


def run(*arguments: str, where: str = WHERE, answer: str = "") -> Result:
    result = CliRunner().invoke(
        app, ["erase", "--where", where, "--wait", "0", *arguments], input=answer
    )
    assert PERSON not in result.output
    return result


def states(bridge: Bridge) -> dict[str, str]:
    items = boto3.client("dynamodb").scan(TableName=bridge.table)["Items"]
    return {item["id"]["S"]: item["state"]["S"] for item in items}
