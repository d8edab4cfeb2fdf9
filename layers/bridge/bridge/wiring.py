"""The parts that the functions put together in the same way.

What asks IMS for tokens is imported with the first token: most environments find one.
"""

from typing import TYPE_CHECKING

from bridge.adapters.adobe.inlet import HttpInlet
from bridge.adapters.adobe.lazy_tokens import TokensOnDemand
from bridge.adapters.adobe.rate_limiter import pace
from bridge.adapters.clock import utc_now
from bridge.adapters.http.connections import connections
from bridge.adapters.http.retry_budget import Patience
from bridge.deadline import Deadline
from bridge.errors import UnavailableError
from bridge.inlet.client import InletSender, one_by_one
from bridge.inlet.rate_limiter import Pacing
from bridge.inlet.requests import InletRequests
from bridge.ports.adobe import Tokens, TokenStore
from bridge.ports.aws import Counts, Parameters
from bridge.ports.process import AtOnce
from bridge.settings import AdobeSettings

if TYPE_CHECKING:
    import requests

    from bridge.adapters.adobe.ims import AdobeCredentials


def inlet_sender(
    settings: AdobeSettings,
    parameters: Parameters,
    store: TokenStore,
    deadline: Deadline,
    *,
    counts: Counts,
    pacing: Pacing | None = None,
    at_once: AtOnce = one_by_one,
) -> InletSender:
    """A sender over kept-alive connections that ends before the deadline.

    Args:
        settings: where Adobe is.
        parameters: hold the credentials.
        store: holds the token that all functions share.
        deadline: of the invocation.
        counts: are told how the inlet behaves.
        pacing: how fast it may send; None is as fast as it is asked to.
        at_once: sends several batches at the same time.
    """
    patience = Patience(remaining=deadline.remaining)

    def tokens() -> Tokens:
        from bridge.adapters.adobe.ims import ImsTokens

        def credentials() -> "AdobeCredentials":
            return read_credentials(parameters, settings.credentials)

        return ImsTokens(
            connections(), settings.ims_url, credentials, utc_now, patience, store=store
        )

    inlet = HttpInlet(connections(), settings.inlet_hosts, patience)
    on_demand = TokensOnDemand(tokens)
    if pacing is None:
        requests = InletRequests(inlet, on_demand, counts)
    else:
        requests = InletRequests(inlet, on_demand, counts, pace(pacing, patience.wait))
    return InletSender(requests, utc_now, counts, at_once)


def http_session() -> "requests.Session":
    """A session that no proxy variable and no `.netrc` can make send a token elsewhere."""
    import requests

    session = requests.Session()
    session.trust_env = False
    return session


def read_credentials(parameters: Parameters, reference: str) -> "AdobeCredentials":
    """The technical account's credentials. Raises UnavailableError that names the parameter."""
    from bridge.adapters.adobe.ims import parse_credentials

    text = parameters.get([reference]).get(reference)
    if text is None:
        raise UnavailableError(f"there is no parameter {reference} with the Adobe credentials")
    return parse_credentials(text)
