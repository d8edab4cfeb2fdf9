"""The runtime alone."""

from typing import Any


def lambda_handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Say 200."""
    return {"statusCode": 200, "body": "{}"}
