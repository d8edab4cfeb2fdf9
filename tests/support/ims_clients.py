"""Clients of IMS with their dependencies, and faults of the emulated IMS."""

import ssl
from dataclasses import dataclass, field

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.settings import Tenant
from bridge.adapters.adobe.ims import AdobeCredentials, ImsTokens
from bridge.adapters.http.connections import Connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.ports.adobe import TokenStore
from tests.support.fakes import FakeClock

TENANT = Tenant()
GOOD = AdobeCredentials(
    client_id=TENANT.client_id,
    client_secret=TENANT.client_secret,
    org_id=TENANT.org_id,
    scopes=",".join(TENANT.scopes),
    sandbox=TENANT.sandbox,
)


@dataclass
class Store:
    """Returns these credentials one after another, and then the last one."""

    held: list[AdobeCredentials] = field(default_factory=lambda: [GOOD])
    reads: int = 0

    def __call__(self) -> AdobeCredentials:
        self.reads += 1
        return self.held.pop(0) if len(self.held) > 1 else self.held[0]


@dataclass
class Client:
    """Tokens with their dependencies."""

    adobe: Adobe
    store: Store = field(default_factory=Store)
    clock: FakeClock = field(default_factory=FakeClock)
    slept: list[float] = field(default_factory=list)
    left: float = 3_600.0
    shared: TokenStore | None = None

    def tokens(self) -> ImsTokens:
        retry_budget = RetryBudget(self.slept.append, lambda: 1.0, lambda: self.left)
        return ImsTokens(
            Connections(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)),
            self.adobe.url,
            self.store,
            self.clock,
            retry_budget,
            store=self.shared,
            jitter=lambda: 0.0,
        )


def fault(status: int, times: int | None = 1, body: str = "", **headers: str) -> Fault:
    answer = AnswerWith(
        status, {name.replace("_", "-"): text for name, text in headers.items()}, body
    )
    return Fault(Service.IMS, times=times, effect=answer)
