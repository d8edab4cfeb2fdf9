"""An empty handler, which measures the runtime alone."""

from typing import Any


def lambda_handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Respond with 200."""
    return {"statusCode": 200, "body": "{}"}
