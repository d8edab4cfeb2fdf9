"""The idiomatic handler with Powertools' idempotency on a DynamoDB table."""

import os
from typing import Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from benchmarks.references import idiomatic

layer = DynamoDBPersistenceLayer(table_name=os.environ["DELIVERIES_TABLE"])
config = IdempotencyConfig(event_key_jmespath='headers."x-github-delivery"')


@idempotent(config=config, persistence_store=layer)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Forward a webhook once."""
    answer: dict[str, Any] = idiomatic.lambda_handler(event, context)
    return answer
