"""Composition root of the reconciler."""

from datetime import timedelta
from functools import cache
from time import sleep

import boto3
from botocore.config import Config

from bridge.adapters.adobe.batches import AdobeBatches
from bridge.adapters.adobe.ims import AdobeCredentials, ImsTokens
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.aws.failed_records import DynamoDbFailedDeliveries
from bridge.adapters.aws.ingestion_records import DynamoDbIngestion
from bridge.adapters.aws.metrics import log_seen
from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.aws.ssm_tokens import SsmTokenStore
from bridge.adapters.clock import utc_now
from bridge.adapters.http.connections import connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.adapters.threads import concurrently
from bridge.background_settings import ReconcilerSettings
from bridge.deadline import Deadline
from bridge.reconciliation.call_limit import CallLimit
from bridge.reconciliation.copies import Copies
from bridge.reconciliation.reconciler import Reconciler
from bridge.version import USER_AGENT
from bridge.wiring import http_session, read_credentials

_CONFIG = Config(user_agent_extra=USER_AGENT)
# "This API has a 60-second response time limit" (Data Access API reference).
_READ_SECONDS = 60.0

deadline = Deadline()
calls = CallLimit()


@cache
def batches() -> AdobeBatches:
    """Build the reader of batches on the first invocation."""
    settings = ReconcilerSettings.from_env()
    client = boto3.client("ssm", config=_CONFIG)
    parameters = SsmParameters(client, settings.adobe.kms_key)

    def credentials() -> AdobeCredentials:
        return read_credentials(parameters, settings.adobe.credentials)

    retries = RetryBudget(sleep, remaining=deadline.remaining, read_seconds=_READ_SECONDS)
    store = SsmTokenStore(client, settings.adobe.token_path, utc_now, settings.adobe.kms_key)
    tokens = ImsTokens(
        connections(),
        settings.adobe.ims_url,
        credentials,
        utc_now,
        retries,
        store=store,
        waits=True,
    )
    platform = AdobePlatform(
        http_session(),
        settings.platform_url,
        tokens,
        credentials,
        retries,
        before_request=calls.spend,
    )
    return AdobeBatches(platform)


@cache
def copies() -> Copies:
    """Build the reader of Adobe's copies on the first invocation."""
    return Copies(batches())


@cache
def reconciler() -> Reconciler:
    """Build the reconciler on the first invocation."""
    settings = ReconcilerSettings.from_env()
    table = boto3.client("dynamodb", config=_CONFIG), settings.deliveries_table, utc_now
    return Reconciler(
        stage=settings.adobe.stage,
        parameters=SsmParameters(boto3.client("ssm", config=_CONFIG), settings.adobe.kms_key),
        batches=batches(),
        records=DynamoDbIngestion(*table),
        failures=DynamoDbFailedDeliveries(*table, timedelta(days=settings.record_days)),
        calls=calls,
        clock=utc_now,
        remaining=deadline.remaining,
        concurrently=concurrently,
        report=lambda number: log_seen("RejectedByAdobe", number),
    )
