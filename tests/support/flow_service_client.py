"""A client of the emulated Flow Service."""

from dataclasses import dataclass, field

import requests

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.settings import DATASET_ID, Tenant
from adobe_emulator.xdm_schemas import SCHEMA_ID
from bridge.adapters.adobe.flow_service import AdobeFlowService
from bridge.adapters.adobe.ims import AdobeCredentials, ImsTokens
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.http.connections import connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.names import ChainLocation, Slot
from bridge.provisioning.chain.desired import DesiredChain, DesiredFlow
from bridge.provisioning.chain.request_bodies import body
from tests.support.fakes import FakeClock
from tests.support.technical_account import credentials_of

TENANT = Tenant()
CREDENTIALS = credentials_of(TENANT)
PLACE = ChainLocation("test", TENANT.org_id, TENANT.sandbox, "eu-central-1:123456789012")
CHAIN = DesiredChain(
    "orders",
    authenticated=True,
    data_type="xdm",
    flows=(DesiredFlow("orders", DATASET_ID, SCHEMA_ID),),
)
BASE = body(Slot("connections"), CHAIN, PLACE, {})


@dataclass
class Client:
    """A Flow Service client with its dependencies."""

    adobe: Adobe
    credentials: AdobeCredentials = CREDENTIALS
    slept: list[float] = field(default_factory=list)
    left: float = 3_600.0

    def service(self) -> AdobeFlowService:
        retry_budget = RetryBudget(self._sleep, lambda: 1.0, lambda: self.left)
        session = requests.Session()
        session.trust_env = False
        tokens = ImsTokens(
            connections(), self.adobe.url, lambda: CREDENTIALS, FakeClock(), retry_budget
        )
        platform = AdobePlatform(
            session, self.adobe.url, tokens, lambda: self.credentials, retry_budget
        )
        return AdobeFlowService(platform)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.left -= seconds


def fails(status: int, method: str, times: int | None = 1, text: str = "", **headers: str) -> Fault:
    answer = AnswerWith(status, {name.replace("_", "-"): h for name, h in headers.items()}, text)
    return Fault(Service.FLOW_SERVICE, method, times=times, effect=answer)


def build(service: AdobeFlowService) -> dict[Slot, str]:
    """Create a complete chain."""
    ids: dict[Slot, str] = {}
    for slot in CHAIN.slots():
        ids[slot] = service.create(slot.kind, body(slot, CHAIN, PLACE, ids))
    return ids
