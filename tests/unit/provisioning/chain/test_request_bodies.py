"""Request bodies match Adobe's documentation; objects are compared by effect."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.names import ChainLocation, Kind, Slot
from bridge.provisioning.chain.comparison import differences
from bridge.provisioning.chain.desired import (
    Dataset,
    DesiredChain,
    DesiredFlow,
    FieldMapping,
    MappingSet,
)
from bridge.provisioning.chain.request_bodies import body

PLACE = ChainLocation("dev", "0A1B@AdobeOrg", "sandbox", "eu-central-1:123456789012")
SCHEMA = "https://ns.adobe.com/tenant/schemas/5f1c2d3e"
DATASET = "5e30d7986c0cc218a85cee65"
XDM = DesiredChain("orders", True, "xdm", (DesiredFlow("orders", DATASET, SCHEMA),))
RAW = DesiredChain(
    "orders",
    authenticated=False,
    data_type="raw",
    flows=(DesiredFlow("orders", DATASET, SCHEMA, MappingSet("7" * 32, 3)),),
)
IDS = {
    Slot("connections"): "base",
    Slot("sourceConnections", "orders"): "source",
    Slot("targetConnections", "orders"): "target",
}
MARK = "Made by Inlet Bridge eu-central-1:123456789012; change it there."
SPEC = {"id": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb", "version": "1.0"}


def test_base_connection_has_optional_fields_and_no_provider() -> None:
    source_id = PLACE.source_id("orders", authenticated=True, data_type="xdm")

    assert body(Slot("connections"), XDM, PLACE, {}) == {
        "name": "inlet-bridge/dev/orders",
        "description": MARK,
        "connectionSpec": SPEC,
        "auth": {
            "specName": "Streaming Connection",
            "params": {
                "dataType": "xdm",
                "sourceId": source_id,
                "name": source_id,
                "authenticationRequired": True,
            },
        },
    }


def test_source_connection_body() -> None:
    assert body(Slot("sourceConnections", "orders"), XDM, PLACE, IDS) == {
        "name": "inlet-bridge/dev/orders/orders",
        "description": MARK,
        "baseConnectionId": "base",
        "connectionSpec": SPEC,
    }


def test_target_connection_has_format_and_schema() -> None:
    assert body(Slot("targetConnections", "orders"), XDM, PLACE, IDS) == {
        "name": "inlet-bridge/dev/orders/orders",
        "description": MARK,
        "connectionSpec": {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"},
        "data": {
            "format": "parquet_xdm",
            "schema": {
                "id": SCHEMA,
                "version": "application/vnd.adobe.xed-full+json;version=1",
            },
        },
        "params": {"dataSetId": DATASET},
    }


def test_xdm_flow_has_no_transformation() -> None:
    assert body(Slot("flows", "orders"), XDM, PLACE, IDS) == {
        "name": "inlet-bridge/dev/orders/orders",
        "description": MARK,
        "flowSpec": {"id": "d8a6f005-7eaf-4153-983e-e8574508b877", "version": "1.0"},
        "sourceConnectionIds": ["source"],
        "targetConnectionIds": ["target"],
    }


def test_raw_flow_references_its_mapping() -> None:
    flow = body(Slot("flows", "orders"), RAW, PLACE, IDS)

    assert flow["flowSpec"]["id"] == "c1a19761-d2c7-4702-b9fa-fe91f0613e81"
    assert flow["transformations"] == [
        {"name": "Mapping", "params": {"mappingId": "7" * 32, "mappingVersion": 3}}
    ]


@pytest.mark.parametrize("slot", XDM.slots())
@pytest.mark.parametrize("chain", [XDM, RAW])
def test_object_equals_the_body_that_created_it(slot: Slot, chain: DesiredChain) -> None:
    wanted = body(slot, chain, PLACE, IDS)

    assert differences(slot.kind, wanted, {**wanted, "id": "x", "name": "renamed"}) == ()
    assert differences(slot.kind, wanted, {}) != ()


def test_omitted_authentication_is_disabled() -> None:
    wanted = body(Slot("connections"), RAW, PLACE, {})
    params = {"dataType": "raw", "sourceId": "x"}
    actual = {**wanted, "auth": {"specName": "Streaming Connection", "params": params}}

    assert differences("connections", wanted, actual) == ()


@pytest.mark.parametrize(
    ("kind", "actual", "different"),
    [
        ("connections", {"auth": None}, "the data type"),
        ("targetConnections", {"params": {"dataSetId": "other"}}, "the dataset"),
        ("targetConnections", {"data": {"format": "parquet_xdm"}}, "the schema"),
        ("flows", {"sourceConnectionIds": []}, "the source connection"),
    ],
)
def test_differences_are_named(kind: Kind, actual: dict[str, Any], different: str) -> None:
    wanted = body(Slot(kind, "" if kind == "connections" else "orders"), RAW, PLACE, IDS)

    output = differences(kind, wanted, {**wanted, **actual})
    assert [text for text in output if text.startswith(f"{different} is ")]


def test_descriptions_end_with_the_owner_mark() -> None:
    chain = replace(XDM, description="For the shop.")

    assert body(Slot("connections"), chain, PLACE, {})["description"] == f"For the shop. {MARK}"
    assert PLACE.created({"description": f"For the shop. {MARK}"})
    assert not PLACE.created({"description": "For the shop."})
    assert not PLACE.created({})


MAPPED = replace(
    RAW,
    flows=(
        DesiredFlow(
            "orders", DATASET, SCHEMA, mappings=(FieldMapping("ATTRIBUTE", "id", "_tenant.id"),)
        ),
    ),
)
SET = Slot("mappingSets", "orders")


def test_mapping_set_name_is_derived_from_its_content() -> None:
    wanted = body(SET, MAPPED, PLACE, {})
    other = DesiredFlow(
        "orders", DATASET, SCHEMA, mappings=(FieldMapping("ATTRIBUTE", "no", "_tenant.id"),)
    )

    assert wanted == {
        "name": wanted["name"],
        "outputSchema": {
            "schemaRef": {
                "id": SCHEMA,
                "contentType": "application/vnd.adobe.xed-full+json;version=1",
            }
        },
        "mappings": [{"sourceType": "ATTRIBUTE", "source": "id", "destination": "_tenant.id"}],
    }
    assert wanted["name"].startswith("inlet-bridge/dev/orders/orders/")
    assert body(SET, replace(MAPPED, flows=(other,)), PLACE, {})["name"] != wanted["name"]


def test_flow_uses_the_first_version_of_an_owned_mapping_set() -> None:
    flow = body(Slot("flows", "orders"), MAPPED, PLACE, {**IDS, SET: "7" * 32})

    assert flow["transformations"] == [
        {"name": "Mapping", "params": {"mappingId": "7" * 32, "mappingVersion": 0}}
    ]


@pytest.mark.parametrize("profile", [True, False])
def test_dataset_has_tags_only_for_profile(*, profile: bool) -> None:
    flow = DesiredFlow("orders", "", SCHEMA, dataset=Dataset("Orders", profile))
    chain = replace(XDM, flows=(flow,))
    wanted = body(Slot("dataSets", "orders"), chain, PLACE, {})

    assert wanted["name"] == "Orders"
    assert wanted["description"] == f"For inlet-bridge/dev/orders/orders. {MARK}"
    assert wanted["schemaRef"]["id"] == SCHEMA
    enabled = ["enabled:true"]
    tags = {"unifiedIdentity": enabled, "unifiedProfile": enabled}
    assert wanted.get("tags") == (tags if profile else None)
    target = body(
        Slot("targetConnections", "orders"), chain, PLACE, {Slot("dataSets", "orders"): "d"}
    )
    assert target["params"] == {"dataSetId": "d"}
