"""The provisioner's entry point, with real events, SSM in process and Adobe on a socket."""

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.adapters.cloudformation import RESERVE_SECONDS
from bridge.source import Source
from tests.functions.provisioner_cloud import EVENTS, SECRET, Cloud, provisioner_cloud
from tools.adobe.faults import AnswerWith, CloseConnection, Fault, Service
from tools.adobe.resources import Kind

CONNECTION = "/inlet-bridge/dev/connections/orders/"
DOCUMENT = "/inlet-bridge/dev/sources/github"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with provisioner_cloud(monkeypatch) as cloud:
        yield cloud


def test_a_connection_and_a_source_from_creation_to_deletion(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    created = cloud.send("connection-create")
    assert created["Status"] == "SUCCESS", created["Reason"]
    ids = {
        name.removeprefix(CONNECTION): text
        for name, text in cloud.parameters().items()
        if name.startswith(CONNECTION)
    }
    for kind, name in (
        (Kind.CONNECTIONS, "base_connection_id"),
        (Kind.SOURCE_CONNECTIONS, "flows/orders/source_connection_id"),
        (Kind.TARGET_CONNECTIONS, "flows/orders/target_connection_id"),
        (Kind.FLOWS, "flows/orders/flow_id"),
    ):
        assert cloud.adobe.resources.ids(kind) == (ids[name],)
    assert created["Data"]["InletUrl"] == ids["inlet_url"]

    source = cloud.send("source-create")
    assert source["Status"] == "SUCCESS", source["Reason"]
    assert source["Data"] == {"Name": "github", "Path": "/webhooks/github"}
    document = Source.from_document(cloud.parameters()[DOCUMENT])
    assert document.flows["orders"].flow_id == ids["flows/orders/flow_id"]

    assert cloud.send("connection-update")["Status"] == "SUCCESS"
    assert cloud.objects() == 7
    assert cloud.send("source-update")["Status"] == "SUCCESS"
    assert Source.from_document(cloud.parameters()[DOCUMENT]).delivery == "queued"

    assert cloud.send("source-delete")["Status"] == "SUCCESS"
    assert cloud.send("connection-delete")["Status"] == "SUCCESS"
    assert cloud.objects() == 0
    assert cloud.parameters() == {}
    assert cloud.adobe.ims.minted == 1

    # moto's own library tells every URL.
    ours = (record for record in caplog.records if record.name != "responses")
    logged = " ".join(str(vars(record)) for record in ours)
    assert "answering CloudFormation" in logged
    for secret in ("NEVERSEEN", "TOPSECRET", cloud.adobe.tenant.client_secret, "Bearer"):
        assert secret not in logged


def test_direct_invocations(cloud: Cloud) -> None:
    assert len(cloud.send("direct-plan-connection")["steps"]) == 4
    assert cloud.objects() == 0
    assert cloud.send("direct-apply-connection")["ok"]
    assert cloud.send("direct-plan-source") == {"ok": True, "writes": True}
    assert cloud.send("direct-apply-source")["ok"]
    assert cloud.send("direct-status-connection")["connection"]["sources"] == ["github"]
    assert cloud.send("direct-status-source")["source"]["secrets"] == {SECRET: True}
    assert len(cloud.send("direct-status")["connections"]) == 1
    assert cloud.send("direct-destroy-connection")["property"] == "connection"
    assert cloud.send("direct-destroy-source")["deleted"]
    assert cloud.send("direct-destroy-connection")["ok"]
    assert cloud.objects() == 0
    assert cloud.parameters() == {}


@pytest.mark.parametrize(
    "properties",
    [
        {"Name": "Orders"},
        {"DataType": "csv"},
        {"Flows": [{"Name": "orders", "DatasetId": "x", "SchemaId": "y"}]},
        {"Extra": "1"},
    ],
)
def test_a_bad_property_fails_the_deployment_before_anything_was_asked(
    cloud: Cloud, properties: dict[str, Any]
) -> None:
    answer = cloud.send("connection-create", **properties)

    assert answer["Status"] == "FAILED"
    assert next(iter(properties)) in answer["Reason"]
    assert cloud.objects() == cloud.adobe.ims.minted == 0
    assert cloud.parameters() == {}


def test_a_dataset_that_adobe_does_not_know_leaves_nothing_after_the_rollback(
    cloud: Cloud,
) -> None:
    flow = json.loads((EVENTS / "connection-create.json").read_text())["ResourceProperties"][
        "Flows"
    ]
    failed = cloud.send("connection-create", Flows=[{**flow[0], "DatasetId": "0" * 24}])
    assert failed["Status"] == "FAILED"
    assert "dataSetId" in failed["Reason"]
    assert failed["PhysicalResourceId"] == "inlet-bridge/dev/connections/orders"

    assert cloud.send("connection-delete")["Status"] == "SUCCESS"
    assert cloud.objects() == 0
    assert cloud.parameters() == {}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_post_whose_answer_was_lost_makes_no_twin(cloud: Cloud, kind: Kind) -> None:
    path = f"*/flowservice/{kind}"
    lost = CloseConnection(after_work=True)
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, "POST", path, effect=lost))

    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    assert cloud.objects() == 4
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    assert cloud.objects() == 4


@pytest.mark.parametrize("service", [Service.IMS, Service.FLOW_SERVICE])
def test_when_adobe_never_answers_cloudformation_is_answered_before_lambda_ends(
    cloud: Cloud, service: Service
) -> None:
    cloud.adobe.faults.add(Fault(service, times=None, delay_seconds=2.5))
    began = time.monotonic()

    answer = cloud.send("connection-create", seconds=RESERVE_SECONDS + 1)

    assert answer["Status"] == "FAILED"
    assert "answer" in answer["Reason"] or "time" in answer["Reason"]
    assert time.monotonic() - began < 3


def test_when_the_deadline_has_passed_already_there_is_still_an_answer(cloud: Cloud) -> None:
    answer = cloud.send("connection-create", seconds=1)

    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "no time is left to ask Adobe"
    assert cloud.objects() == 0


def test_a_service_timeout_is_a_deadline_too(cloud: Cloud) -> None:
    answer = cloud.send("connection-create", ServiceTimeout="5")

    assert answer["Status"] == "FAILED"


def test_without_settings_there_is_still_an_answer(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SETTLING_SECONDS")

    answer = cloud.send("connection-create")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "the environment variable SETTLING_SECONDS is not set"


def test_without_credentials_the_reason_names_their_parameter(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADOBE_CREDENTIALS", "/inlet-bridge/dev/secrets/elsewhere")

    answer = cloud.send("connection-create")
    assert "/inlet-bridge/dev/secrets/elsewhere" in answer["Reason"]
    assert cloud.parameters() == {}


def test_refused_permissions_are_told_in_one_sentence(cloud: Cloud) -> None:
    body = '{"errorCode": "2118-403", "message": "Permission denied"}'
    refusal = AnswerWith(403, {"content-type": "application/json"}, body)
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, times=None, effect=refusal))

    assert cloud.send("connection-create")["Reason"] == (
        "Adobe refused to list connections: 403 2118-403 Permission denied; "
        "add the technical account to a product profile that may manage sources"
    )


def test_every_event_is_used_by_a_test() -> None:
    text = Path(__file__).read_text()

    unused = [path.stem for path in EVENTS.glob("*.json") if f'"{path.stem}"' not in text]
    assert unused == []
