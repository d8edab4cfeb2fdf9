"""An independent client, Adobe's own `aepp`, on the emulated Adobe.

aepp keeps the token's URL in a configuration object and the other hosts in a table of its own;
both are set to the emulated Adobe here, and no code of either side is replaced.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import aepp.config
import pytest
from aepp.configs import ConnectObject
from aepp.flowservice import FlowService
from aepp.ingestion import DataIngestion

from adobe_emulator.emulator import Adobe
from adobe_emulator.resources import Kind
from adobe_emulator.settings import DATASET_ID
from adobe_emulator.xdm_schemas import SCHEMA_ID
from tests.support.adobe_client import Chain, Client, xdm_message


@dataclass(frozen=True, slots=True)
class Aepp:
    """Its two classes that matter here."""

    flows: Any
    ingestion: Any


@pytest.fixture
def hosts(adobe: Adobe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(aepp.config.endpoints, "global", adobe.url)
    monkeypatch.setitem(aepp.config.endpoints["streaming"], "collection", adobe.url)


def configuration(adobe: Adobe, secret: str | None = None) -> Any:
    tenant = adobe.tenant
    config = ConnectObject(
        org_id=tenant.org_id,
        client_id=tenant.client_id,
        secret=secret or tenant.client_secret,
        scopes=",".join(tenant.scopes),
        sandbox=tenant.sandbox,
        retry=0,
    )
    config.getConfigObject()["oauthTokenEndpointV2"] = f"{adobe.url}/ims/token/v3"
    return config


@pytest.fixture
def independent(adobe: Adobe, hosts: None) -> Iterator[Aepp]:
    parts = Aepp(FlowService(configuration(adobe)), DataIngestion(configuration(adobe)))
    yield parts
    for part in (parts.flows, parts.ingestion):
        part.connector.session.close()


def provision(independent: Aepp, data_type: str, mapping_id: str | None = None) -> Chain:
    """Everything from the base connection to the flow, with aepp alone."""
    flows = independent.flows
    connection = flows.createConnectionStreaming(
        name="orders",
        sourceId="orders-1",
        dataType=data_type,
        paramName="orders",
        authenticationRequired=True,
    )["id"]
    source = flows.createSourceConnectionStreaming(connection, "orders source", "json")["id"]
    target = flows.createTargetConnectionDataLake(
        "orders target", DATASET_ID, SCHEMA_ID, "parquet_xdm"
    )["id"]
    created = flows.createFlowStreaming(
        name="orders flow",
        source_connection_id=source,
        target_connection_id=target,
        transformation=mapping_id is not None,
        transformation_mapping_id=mapping_id,
        transformation_name="Mapping",
    )
    inlet = flows.getConnection(connection)["auth"]["params"]
    flow = created["flow"]["id"]
    return Chain(connection, source, target, flow, inlet["inletId"], inlet["inletUrl"])


def test_it_provisions_a_chain_and_streams_a_message_and_a_batch(
    independent: Aepp, adobe: Adobe
) -> None:
    chain = provision(independent, "xdm")
    adobe.settle()
    message = xdm_message(adobe, chain)
    single = independent.ingestion.streamMessage(chain.inlet_id, message, chain.flow)
    batch = independent.ingestion.streamMessages(chain.inlet_id, [message, {}], chain.flow)
    answered = [single["xactionId"], batch["responses"][0]["xactionId"]]

    assert [r.xaction_id for r in adobe.ledger.received] == answered
    assert {r.flow_id for r in adobe.ledger.received} == {chain.flow}
    assert all(r.authenticated for r in adobe.ledger.received)
    assert batch["responses"][1]["status"] == 400
    assert adobe.ims.minted == 2


def test_it_streams_raw_messages_through_a_mapping(
    independent: Aepp, adobe: Adobe, client: Client
) -> None:
    chain = provision(independent, "raw", client.mapping_set())
    adobe.settle()
    answer = independent.ingestion.streamMessage(chain.inlet_id, {"order": {"id": 7}}, chain.flow)

    assert answer["inletId"] == chain.inlet_id
    assert [r.content for r in adobe.ledger.received] == [b'{"order": {"id": 7}}']


def test_it_lists_changes_and_deletes(independent: Aepp, adobe: Adobe) -> None:
    flows = independent.flows
    chain = provision(independent, "xdm")
    rename = [{"op": "replace", "path": "/name", "value": "renamed"}]
    flows.patchConnection(chain.connection, rename)
    flows.updateFlow(chain.flow, flows.getFlow(chain.flow)["etag"], rename)
    flows.postFlowAction(chain.flow, "disable")
    listed = [item["name"] for item in flows.getConnections() + flows.getFlows()]
    state = flows.getFlow(chain.flow)["state"]
    flows.deleteFlow(chain.flow)
    flows.deleteSourceConnection(chain.source)
    flows.deleteTargetConnection(chain.target)
    flows.deleteConnection(chain.connection)

    assert listed == ["renamed", "renamed"]
    assert state == "disabled"
    assert all(adobe.resources.ids(kind) == () for kind in Kind)


def test_it_follows_pages_that_keep_its_filters(independent: Aepp, client: Client) -> None:
    names = [f"connection {number}" for number in range(7)]
    for name in names:
        client.connection(name)

    assert [c["name"] for c in independent.flows.getConnections(limit=3)] == names


def test_truncated_continuation_token_is_reported(independent: Aepp, client: Client) -> None:
    connection = client.connection()
    for _ in range(4):
        client.source(connection)

    with pytest.raises(KeyError, match="items"):
        independent.flows.getSourceConnections()


@pytest.mark.usefixtures("hosts")
def test_it_gets_no_token_for_a_wrong_secret(
    adobe: Adobe, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyError, match="expires_in"):
        FlowService(configuration(adobe, secret="wrong"))

    assert "invalid_client" in capsys.readouterr().out
    assert adobe.ims.minted == 0
