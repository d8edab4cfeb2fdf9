"""Composition that several functions share.

The IMS client is imported on first use: most environments find a shared token.
"""

import random
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from bridge.adapters.adobe.inlet import HttpInlet
from bridge.adapters.adobe.lazy_tokens import LazyTokens
from bridge.adapters.aws.clients import aws_client
from bridge.adapters.aws.signed_client import CallPolicy
from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.clock import utc_now
from bridge.adapters.http.connections import connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.deadline import Deadline
from bridge.errors import InvalidCredentialsError
from bridge.inlet.client import InletSender, sequentially
from bridge.inlet.requests import InletRequests
from bridge.ports.adobe import Tokens, TokenStore
from bridge.ports.aws import Counts, Parameters
from bridge.ports.process import Clock, Concurrently
from bridge.settings import AdobeSettings, KeptBodiesSettings
from bridge.sources.cache import SourceCache
from bridge.sources.schema_texts import SchemaTexts, schemas_path
from bridge.sources.ssm_reads import NO_RETRIES, ReadRetries, SsmReads
from bridge.version import USER_AGENT

if TYPE_CHECKING:
    import requests

    from bridge.adapters.adobe.ims import AdobeCredentials
    from bridge.inlet.rate_limiter import RateLimit
    from bridge.messages.xdm_message import ReadSchema
    from bridge.ports.aws import KeptBodies

# Seconds to connect to SSM and to wait for its response when a cached source is read again: a
# webhook can be verified with the cached copy.
_REFRESH_TIMEOUT = (0.5, 1.0)


def inlet_sender(
    settings: AdobeSettings,
    parameters: Parameters,
    store: TokenStore,
    deadline: Deadline,
    *,
    counts: Counts,
    rate_limit: "RateLimit | None" = None,
    concurrently: Concurrently = sequentially,
) -> InletSender:
    """Build a sender that keeps connections alive and stops at the deadline.

    Args:
        settings: see `AdobeSettings`.
        parameters: hold the credentials.
        store: holds the token that all functions share.
        deadline: the deadline of the invocation.
        counts: receives the metrics of the inlet.
        rate_limit: the limit for requests; None for no limit.
        concurrently: sends several batches at the same time.
    """
    retry_budget = RetryBudget(remaining=deadline.remaining)

    def tokens() -> Tokens:
        from bridge.adapters.adobe.ims import ImsTokens

        def credentials() -> "AdobeCredentials":
            return read_credentials(parameters, settings.credentials)

        # One attempt: after a failure, webhooks are buffered until IMS is asked again.
        return ImsTokens(
            connections(),
            settings.ims_url,
            credentials,
            utc_now,
            retry_budget,
            store=store,
            attempts=1,
        )

    inlet = HttpInlet(connections(), settings.inlet_hosts, retry_budget)
    lazy_tokens = LazyTokens(tokens)
    if rate_limit is None:
        requests = InletRequests(inlet, lazy_tokens, counts)
    else:
        from bridge.adapters.adobe.rate_limiter import limit_rate

        requests = InletRequests(
            inlet, lazy_tokens, counts, limit_rate(rate_limit, retry_budget.wait)
        )
    return InletSender(requests, utc_now, counts, concurrently)


def source_cache(
    settings: AdobeSettings,
    clock: Clock,
    remaining: Callable[[], float],
    *,
    with_secrets: bool = True,
) -> SourceCache:
    """Build a cache of sources; it retries by itself, so its clients do not.

    Args:
        settings: see `AdobeSettings`.
        clock: the time.
        remaining: seconds for which throttled reads may be repeated.
        with_secrets: see `SourceCache`.
    """
    first, quick = (
        SsmParameters(aws_client("ssm", policy=policy), settings.kms_key)
        for policy in (CallPolicy(attempts=1), CallPolicy(_REFRESH_TIMEOUT, attempts=1))
    )
    return SourceCache(
        first,
        settings.stage,
        clock,
        with_secrets=with_secrets,
        quick=quick,
        retries=ReadRetries(remaining, time.sleep, random.random),
        jitter=random.random,
    )


def schema_reader(settings: AdobeSettings, clock: Clock) -> "ReadSchema":
    """Build a reader of schemas that are too large for a source document.

    It makes one attempt: while SSM does not respond, webhooks are buffered.
    """
    ssm = SsmParameters(aws_client("ssm", policy=CallPolicy(_REFRESH_TIMEOUT, attempts=1)))
    reads = SsmReads(ssm, ssm, clock, NO_RETRIES)
    return SchemaTexts(reads, schemas_path(settings.stage), clock).read


def http_session() -> "requests.Session":
    """Build a session that ignores proxy variables and `.netrc`, which could divert a token.

    Its requests name the bridge and its version.
    """
    import requests

    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = USER_AGENT
    return session


def read_credentials(parameters: Parameters, reference: str) -> "AdobeCredentials":
    """Read the technical account's credentials. Raises UnavailableError."""
    from bridge.adapters.adobe.ims import parse_credentials

    text = parameters.get([reference]).get(reference)
    if text is None:
        raise InvalidCredentialsError(
            f"the parameter {reference} with the Adobe credentials is missing"
        )
    return parse_credentials(text)


@cache
def kept_bodies() -> "KeptBodies":
    """Build the store of kept bodies on first use: few sources keep them."""
    from bridge.adapters.aws.clients import object_client
    from bridge.adapters.aws.kept_bodies import KEEPING, DynamoDbKeptBodies
    from bridge.adapters.aws.kept_objects import S3KeptObjects

    settings = KeptBodiesSettings.from_env()
    return DynamoDbKeptBodies(
        aws_client("dynamodb", policy=KEEPING),
        settings.table,
        lambda: S3KeptObjects(object_client(policy=KEEPING), settings.bucket),
    )
