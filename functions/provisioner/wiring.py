"""Composition root of the provisioner."""

import secrets
import time
import uuid
from functools import cache

import boto3
from botocore.config import Config

from bridge.adapters.adobe.batches import AdobeBatches
from bridge.adapters.adobe.catalog import AdobeCatalog
from bridge.adapters.adobe.data_hygiene import AdobeDataHygiene
from bridge.adapters.adobe.data_prep import AdobeDataPrep
from bridge.adapters.adobe.flow_service import AdobeFlowService
from bridge.adapters.adobe.identity_service import AdobeIdentityService
from bridge.adapters.adobe.ims import AdobeCredentials, ImsTokens
from bridge.adapters.adobe.inlet import HttpInlet
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.adobe.sandboxes import AdobeSandboxes
from bridge.adapters.adobe.schema_library import AdobeSchemaLibrary
from bridge.adapters.adobe.schema_registry import AdobeSchemaRegistry
from bridge.adapters.adobe.token_check import check_token
from bridge.adapters.adobe.token_issuer import TokenIssuer
from bridge.adapters.aws.metrics import EmbeddedCounts
from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.aws.ssm_tokens import SsmTokenStore
from bridge.adapters.aws.ssm_versions import SsmVersions
from bridge.adapters.clock import utc_now
from bridge.adapters.http.connections import connections
from bridge.adapters.http.retry_budget import Persistence, RetryBudget
from bridge.adapters.http.vendor_api import HttpsVendorApi
from bridge.background_settings import ProvisionerSettings
from bridge.deadline import Deadline
from bridge.inlet.requests import InletRequests
from bridge.provisioning.journal import Heartbeat
from bridge.provisioning.provisioner import Dependencies, Provisioner
from bridge.provisioning.subscriptions.vendors import VENDORS
from bridge.version import USER_AGENT
from bridge.wiring import http_session, read_credentials

# PutParameter allows only a few writes per second, and a chain needs about fifteen.
_SSM_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 8},
    user_agent_extra=USER_AGENT,
)

# Less than the lease of a run.
_BEAT_SECONDS = 30.0

deadline = Deadline()
persistence = Persistence()
heartbeat = Heartbeat()


def sleep(seconds: float) -> None:
    """Sleep, and renew the lease of the run. Raises UnavailableError: another run has it."""
    while seconds > 0:
        heartbeat.beat()
        time.sleep(min(seconds, _BEAT_SECONDS))
        seconds -= _BEAT_SECONDS


retry_budget = RetryBudget(sleep, remaining=deadline.remaining, persistence=persistence)


@cache
def provisioner(installation: str) -> Provisioner:
    """Build the provisioner of an account and region on the first invocation."""
    settings = ProvisionerSettings.from_env()
    client = boto3.client("ssm", config=_SSM_CONFIG)
    parameters = SsmParameters(client, settings.adobe.kms_key)
    session = http_session()

    def credentials() -> AdobeCredentials:
        return read_credentials(parameters, settings.adobe.credentials)

    store = SsmTokenStore(client, settings.adobe.token_path, utc_now, settings.adobe.kms_key)
    tokens = ImsTokens(
        connections(),
        settings.adobe.ims_url,
        credentials,
        utc_now,
        retry_budget,
        store=store,
        waits=True,
    )
    issuer = TokenIssuer(
        connections(),
        settings.adobe.ims_url,
        credentials,
        now=utc_now,
        retry_budget=retry_budget,
        attempts=3,
    )
    platform = AdobePlatform(session, settings.platform_url, tokens, credentials, retry_budget)
    # Its requests are no webhooks, so nothing writes these counts.
    inlet = InletRequests(
        HttpInlet(connections(), settings.adobe.inlet_hosts, retry_budget), tokens, EmbeddedCounts()
    )
    dependencies = Dependencies(
        parameters=parameters,
        journals=SsmVersions(client),
        flow_service=AdobeFlowService(platform),
        mapping_sets=AdobeDataPrep(platform),
        datasets=AdobeCatalog(platform),
        schemas=AdobeSchemaRegistry(platform),
        library=AdobeSchemaLibrary(platform),
        namespaces=AdobeIdentityService(platform),
        expirations=AdobeDataHygiene(platform),
        sandboxes=AdobeSandboxes(platform),
        inlet=lambda url, connection, flow, content: inlet.post(url, connection, flow, content, 1),
        own_secrets=parameters,
        vendors=HttpsVendorApi(
            {vendor.url.removeprefix("https://") for vendor in VENDORS.values()}, retry_budget
        ),
        new_key=lambda: secrets.token_bytes(32),
        tenant=platform.tenant,
        token=lambda: check_token(issuer, store, utc_now),
        delete_token=store.forget,
        check_host=platform.check_host,
        check_batches=AdobeBatches(platform).check,
        new_run_id=lambda: str(uuid.uuid4()),
        now=utc_now,
        sleep=retry_budget.wait,
        persist=retry_budget.persist,
        heartbeat=heartbeat,
    )
    return Provisioner.of(
        dependencies,
        stage=settings.adobe.stage,
        installation=installation,
        inlet_hosts=settings.adobe.inlet_hosts,
        webhook_url=settings.webhook_url,
    )
