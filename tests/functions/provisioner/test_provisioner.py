"""Tests of the lifecycle of a connection and a source, with events of CloudFormation."""

import logging
from pathlib import Path

import pytest

from adobe_emulator.resources import Kind
from bridge.sources.source import Source
from tests.support.provisioner_cloud import EVENTS, Cloud

CONNECTION = "/inlet-bridge/dev/connections/orders/"
DOCUMENT = "/inlet-bridge/dev/sources/github"


def test_connection_and_source_are_created_updated_and_deleted(
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
    path = "/webhooks/github"
    url = f"https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com{path}"
    assert source["Data"] == {"Name": "github", "Path": path, "Url": url}
    document = Source.from_document(cloud.parameters()[DOCUMENT])
    assert document.flows["orders"].flow_id == ids["flows/orders/flow_id"]

    updated = cloud.send("connection-update")
    assert updated["Status"] == "SUCCESS"
    assert cloud.send("connection-delete")["Reason"] == "there was nothing left to delete"
    assert cloud.objects() == 7
    assert cloud.send("source-update")["Status"] == "SUCCESS"
    assert Source.from_document(cloud.parameters()[DOCUMENT]).delivery == "queued"

    assert cloud.send("source-delete")["Status"] == "SUCCESS"
    assert cloud.send("connection-delete", updated["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert cloud.objects() == 0
    assert cloud.parameters() == {}
    assert cloud.adobe.ims.minted == 1

    # The library of moto logs every URL.
    ours = (record for record in caplog.records if record.name != "responses")
    logged = " ".join(str(vars(record)) for record in ours)
    assert "response to CloudFormation" in logged
    for secret in ("NEVERSEEN", "TOPSECRET", cloud.adobe.tenant.client_secret, "Bearer"):
        assert secret not in logged


def test_every_sample_event_is_used_by_a_test() -> None:
    files = Path(__file__).parent.glob("test_provisioner*.py")
    text = "".join(file.read_text() for file in files)

    unused = [path.stem for path in EVENTS.glob("*.json") if f'"{path.stem}"' not in text]
    assert unused == []
