"""The parts that receiver and forwarder put together in the same way."""

import requests

from bridge.adapters.clock import utc_now
from bridge.adapters.ims import AdobeCredentials, ImsTokens, parse_credentials
from bridge.adapters.inlet import RequestsInlet
from bridge.adapters.pace import pace
from bridge.adapters.patience import Patience
from bridge.deadline import Deadline
from bridge.delivery.pacing import Pacing
from bridge.errors import UnavailableError
from bridge.ports import Parameters, TokenStore
from bridge.sending import InletSender
from bridge.settings import AdobeSettings


def inlet_sender(
    settings: AdobeSettings,
    parameters: Parameters,
    store: TokenStore,
    deadline: Deadline,
    pacing: Pacing | None = None,
) -> InletSender:
    """A sender over a kept-alive session that ends before the deadline.

    Args:
        settings: where Adobe is.
        parameters: hold the credentials.
        store: holds the token that all functions share.
        deadline: of the invocation.
        pacing: how fast it may send; None is as fast as it is asked to.
    """
    patience = Patience(remaining=deadline.remaining)
    session = http_session()

    def credentials() -> AdobeCredentials:
        return read_credentials(parameters, settings.credentials)

    tokens = ImsTokens(session, settings.ims_url, credentials, utc_now, patience, store=store)
    inlet = RequestsInlet(session, settings.inlet_hosts, patience)
    if pacing is None:
        return InletSender(inlet, tokens, utc_now)
    return InletSender(inlet, tokens, utc_now, pace(pacing, patience.wait))


def http_session() -> requests.Session:
    """A session that no proxy variable and no `.netrc` can make send a token elsewhere."""
    session = requests.Session()
    session.trust_env = False
    return session


def read_credentials(parameters: Parameters, reference: str) -> AdobeCredentials:
    """The technical account's credentials. Raises UnavailableError that names the parameter."""
    text = parameters.get([reference]).get(reference)
    if text is None:
        raise UnavailableError(f"there is no parameter {reference} with the Adobe credentials")
    return parse_credentials(text)
