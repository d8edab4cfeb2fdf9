"""A handler as in Powertools' documentation: resolver, parser, parameters, logger, metrics."""

import hashlib
import hmac
import json
import os
from http import HTTPStatus
from typing import Any

import requests
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parser import BaseModel, parse
from aws_lambda_powertools.utilities.parser.models import APIGatewayProxyEventV2Model
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics(namespace="Bench")
app = APIGatewayHttpResolver()
session = requests.Session()
ssm = parameters.SSMProvider()


class Address(BaseModel):
    """The target of messages."""

    url: str
    flow_id: str
    header: dict[str, Any]
    xdmMeta: dict[str, Any]  # noqa: N815 (Adobe's name)


def forward(event: APIGatewayProxyEventV2Model) -> str:
    """Verify a GitHub webhook, forward it and return the inlet's id."""
    known = ssm.get_parameters_by_name(
        {os.environ["SECRET_NAME"]: {}, os.environ["ADDRESS_NAME"]: {"transform": "json"}},
        decrypt=True,
        max_age=60,
    )
    address = Address.model_validate(known[os.environ["ADDRESS_NAME"]])
    body = str(event.body).encode()
    secret = str(known[os.environ["SECRET_NAME"]]).encode()
    mac = hmac.new(secret, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(event.headers["x-hub-signature-256"], f"sha256={mac}"):
        raise PermissionError
    message = {
        "header": address.header,
        "body": {"xdmMeta": address.xdmMeta, "xdmEntity": json.loads(body)},
    }
    answer = session.post(
        address.url,
        json=message,
        headers={"x-adobe-flow-id": address.flow_id},
        timeout=10,
    )
    answer.raise_for_status()
    xaction_id: str = answer.json()["xactionId"]
    return xaction_id


@app.post("/webhooks/<source>")
def webhook(source: str) -> Response[str]:
    """Accept a webhook."""
    event = parse(event=app.current_event.raw_event, model=APIGatewayProxyEventV2Model)
    try:
        xaction_id = forward(event)
    except PermissionError:
        return Response(HTTPStatus.UNAUTHORIZED, "application/json", "{}")
    metrics.add_metric("delivered", MetricUnit.Count, 1)
    logger.info("delivered", extra={"source": source, "xaction_id": xaction_id})
    return Response(HTTPStatus.OK, "application/json", json.dumps({"xactionId": xaction_id}))


@logger.inject_lambda_context
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Route the event."""
    return app.resolve(event, context)
