"""The technical account of the emulated tenant, and a client with it."""

import requests

from adobe_emulator.emulator import Adobe
from adobe_emulator.settings import Tenant
from bridge.adapters.adobe.ims import AdobeCredentials, ImsTokens
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.http.connections import connections
from bridge.adapters.http.retry_budget import RetryBudget
from tests.support.fakes import FakeClock


def credentials_of(tenant: Tenant) -> AdobeCredentials:
    """The credentials that the emulated IMS accepts."""
    return AdobeCredentials(
        tenant.client_id,
        tenant.client_secret,
        tenant.org_id,
        ",".join(tenant.scopes),
        tenant.sandbox,
    )


def platform_at(adobe: Adobe, credentials: AdobeCredentials) -> AdobePlatform:
    """A client of the emulated services that does not wait before it retries."""
    session = requests.Session()
    session.trust_env = False
    retry_budget = RetryBudget(lambda _: None)
    tokens = ImsTokens(connections(), adobe.url, lambda: credentials, FakeClock(), retry_budget)
    return AdobePlatform(session, adobe.url, tokens, lambda: credentials, retry_budget)
