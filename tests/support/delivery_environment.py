"""What surrounds the receiver and the forwarder: resources, environment variables and the log."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import boto3
import pytest

from bridge.telemetry import logger
from tests.support.delivery_queues import DeliveryQueues
from tests.support.kept_store import KeptStore
from tests.support.sam_template import part, template


def deployed_parts(*names: str) -> dict[str, str]:
    """Physical ids by logical id of resources that CloudFormation made from the template."""
    # Which moto answers; what is configured takes the answers of custom resources.
    endpoint = "https://cloudformation.eu-central-1.amazonaws.com"
    stacks = boto3.client("cloudformation", endpoint_url=endpoint)
    body = json.dumps(part(*names))
    stacks.create_stack(StackName="inlet-bridge-dev", TemplateBody=body)
    made = stacks.describe_stack_resources(StackName="inlet-bridge-dev")["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made}


def set_environment(
    monkeypatch: pytest.MonkeyPatch, queues: DeliveryQueues, table: str, kept: KeptStore
) -> None:
    """Set the variables as the template does, with the defaults of its parameters."""
    monkeypatch.setenv("KEPT_BODIES_TABLE", kept.table)
    monkeypatch.setenv("KEPT_BODIES_BUCKET", kept.bucket)
    monkeypatch.setenv("BUFFER_QUEUE_URL", queues.buffer)
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", queues.dead_letters)
    monkeypatch.setenv("DELIVERIES_TABLE", table)
    for name, parameter in {
        "RECORD_DAYS": "RecordDays",
        "RETRY_HOURS": "RetryHours",
        "INLET_MESSAGES_PER_SECOND": "InletMessagesPerSecond",
        "FORWARDER_CONCURRENCY": "ForwarderConcurrency",
        "SILENCE_HOURS": "SilenceHours",
    }.items():
        monkeypatch.setenv(name, str(template()["Parameters"][parameter]["Default"]))
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "InletBridge/dev")


@contextmanager
def logged_to(file: StringIO) -> Iterator[None]:
    """Write the log of the functions to a file, too."""
    handler = logging.StreamHandler(file)
    logger.addHandler(handler)
    handler.setFormatter(logger.registered_formatter)
    try:
        yield
    finally:
        logging.getLogger(logger.service).removeHandler(handler)
