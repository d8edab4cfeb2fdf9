"""Which datasets, schemas and mapping sets a flow can lead to."""

from datetime import timedelta
from typing import Any

import pytest

from bridge.ports.adobe import Expiration
from bridge.provisioning.chain.desired import Dataset, DesiredFlow, MappingSet
from bridge.provisioning.chain.destination import (
    NOTICE,
    created_dataset_problems,
    dataset_problems,
    expiration_problem,
    mapping_set_problems,
    schema_problems,
)
from tests.support.fakes import NOON

SCHEMA = "https://ns.adobe.com/tenant/schemas/5f1c2d3e"
OTHER = "https://ns.adobe.com/tenant/schemas/00000000"
DATASET = "65f0c1a2b3d4e5f60718293a"
MAPPING = MappingSet("79a623960d3f4969835c9e00dc90c8df", 1)
FLOW = DesiredFlow("orders", DATASET, SCHEMA)
GOOD: dict[str, Any] = {
    "name": "Orders",
    "state": "ACTIVE",
    "classification": {"dataBehavior": "time-series", "managedBy": "CUSTOMER"},
    "schemaRef": {
        "id": SCHEMA,
        "contentType": "application/vnd.adobe.xed-full+json;version=1",
    },
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"state": "SOMETHING_NEW"},
        {"state": 5, "status": "enabled"},
        {"streamingIngestionEnabled": ""},
        {"streamingIngestionEnabled": "true"},
        {"classification": None},
        {"schemaRef": {"id": SCHEMA}},
    ],
)
def test_dataset_is_right(change: dict[str, Any]) -> None:
    assert list(dataset_problems(FLOW, GOOD | change, "dev")) == []


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        ({"state": "disabled"}, "DatasetId", "the state of dataset"),
        ({"status": "DELETED"}, "DatasetId", "the status of dataset"),
        ({"schemaRef": None}, "DatasetId", "has no schema of an XDM class"),
        ({"schemaRef": {"id": 5}}, "DatasetId", "has no schema of an XDM class"),
        ({"classification": {"dataBehavior": "adhoc"}}, "DatasetId", "no schema of an XDM class"),
        ({"schemaRef": {"id": OTHER}}, "SchemaId", f"is {OTHER}, not {SCHEMA}"),
    ],
)
def test_dataset_prevents_a_flow(change: dict[str, Any], name: str, reason: str) -> None:
    (problem,) = dataset_problems(FLOW, GOOD | change, "dev")

    assert (problem.name, problem.prevents) == (name, True)
    assert reason in problem.reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"streamingIngestionEnabled": "false"}, "streaming ingestion is off for dataset"),
        ({"streamingIngestionEnabled": False}, "streaming ingestion is off for dataset"),
        ({"schemaRef": {"id": SCHEMA, "contentType": "x;version=2.1"}}, "has version 2 of its"),
    ],
)
def test_dataset_is_reported_without_preventing_a_flow(change: dict[str, Any], reason: str) -> None:
    (problem,) = dataset_problems(FLOW, GOOD | change, "dev")

    assert not problem.prevents
    assert reason in problem.reason


def test_created_dataset_that_is_disabled_is_a_problem() -> None:
    flow = DesiredFlow("orders", "", SCHEMA, dataset=Dataset("Orders", profile=False))

    assert list(created_dataset_problems(flow, DATASET, GOOD)) == []
    (problem,) = created_dataset_problems(flow, DATASET, {**GOOD, "state": "INACTIVE"})
    assert problem.name == "Dataset"


def test_ad_hoc_schema_is_a_problem() -> None:
    ad_hoc = "https://ns.adobe.com/xdm/data/adhoc"

    assert list(schema_problems(FLOW, {"meta:extends": ["x"]}, "dev")) == []
    for schema in ({"meta:extends": [ad_hoc]}, {"meta:class": ad_hoc, "meta:extends": "x"}):
        (problem,) = schema_problems(FLOW, schema, "dev")
        assert "is an ad hoc schema" in problem.reason


@pytest.mark.parametrize(
    ("item", "name"),
    [
        (None, "MappingSetId"),
        ({"version": 1, "xdmSchema": OTHER}, "MappingSetId"),
        ({"version": 0, "xdmSchema": SCHEMA}, "MappingSetVersion"),
        ({"version": 1, "outputSchema": {"schemaRef": {"id": SCHEMA}}}, ""),
        ({"version": 4}, ""),
    ],
)
def test_mapping_set_has_the_version_and_the_schema(item: dict[str, Any] | None, name: str) -> None:
    problems = [each.name for each in mapping_set_problems(FLOW, MAPPING, item)]
    assert problems == ([name] if name else [])


def test_expiration_is_reported_a_week_before() -> None:
    at = NOON + NOTICE

    assert expiration_problem(FLOW, DATASET, Expiration("pending", at), NOON)
    later = Expiration("pending", at + timedelta(seconds=1))
    assert expiration_problem(FLOW, DATASET, later, NOON) is None
    assert expiration_problem(FLOW, DATASET, Expiration("executing", later.at), NOON)
