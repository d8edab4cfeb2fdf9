"""`Schema` and `Dataset` of a flow create both in an empty sandbox."""

from collections.abc import Iterator
from typing import Any

import pytest

from adobe_emulator.faults import AnswerWith, CloseConnection, Fault, Service
from tests.support.provisioner_cloud import EMPTY_SANDBOX, Cloud, provisioner_cloud

EVENT = "https://ns.adobe.com/xdm/context/experienceevent"
COMMERCE = "https://ns.adobe.com/xdm/context/experienceevent-commerce"
CONTACT = "https://ns.adobe.com/xdm/context/profile-personal-details"
FIELDS: dict[str, Any] = {
    "order": {"id": "string", "total": "number", "tags": ["string"]},
    "items": [{"sku": "string", "count": "integer"}],
    "placedAt": "date-time",
}
SCHEMA: dict[str, Any] = {"Name": "Orders", "FieldGroups": [COMMERCE], "Fields": FIELDS}
IDENTITY = {"Field": "_emulated.order.id", "Namespace": "hubspot", "Primary": "true"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with provisioner_cloud(monkeypatch, EMPTY_SANDBOX) as cloud:
        yield cloud


def flow(schema: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"Name": "orders", "Schema": schema or SCHEMA, "Dataset": {"Name": "Orders"}, **more}


def ask(cloud: Cloud, *flows: dict[str, Any], action: str = "apply", **more: Any) -> dict[str, Any]:
    properties = {"Name": "orders", "Flows": list(flows), **more}
    return cloud.ask(action=action, connection=properties)


def apply(cloud: Cloud, *flows: dict[str, Any], **more: Any) -> list[str]:
    """Apply, and return the actions that changed something."""
    answer = ask(cloud, *flows, **more)
    assert answer["ok"], answer["error"]
    return changes(answer)


def changes(answer: dict[str, Any]) -> list[str]:
    return [
        f"{step['action']} {step['kind']}"
        for step in answer["steps"]
        if step["action"] != "nothing"
    ]


def drift(cloud: Cloud) -> list[str]:
    answer = cloud.ask(action="status", connection="orders")
    assert answer["ok"], answer["error"]
    return [each["reason"] for each in answer["connection"]["drift"]]


def only_schema(cloud: Cloud) -> dict[str, Any]:
    (schema,) = cloud.adobe.library.all("schemas")
    return schema


def only_group(cloud: Cloud) -> dict[str, Any]:
    (group,) = cloud.adobe.library.all("fieldgroups")
    return group


def resolved(cloud: Cloud) -> dict[str, Any]:
    """The custom fields as messages are validated with them."""
    schema = cloud.adobe.schemas[only_schema(cloud)["$id"]]
    fields: dict[str, Any] = schema["properties"]["_emulated"]["properties"]
    return fields


def test_schema_and_dataset_are_created_for_the_flow(cloud: Cloud) -> None:
    done = apply(cloud, flow())

    assert done[1:4] == ["create fieldgroups", "create schemas", "create dataSets"]
    schema, (dataset_id,) = only_schema(cloud), cloud.adobe.datasets.created
    assert schema["title"] == "Orders"
    assert schema["meta:class"] == EVENT
    assert COMMERCE in schema["meta:extends"]
    dataset = cloud.adobe.datasets.get(dataset_id)
    assert dataset
    assert dataset["schemaRef"]["id"] == schema["$id"]
    assert "tags" not in dataset
    fields = resolved(cloud)
    assert fields["order"]["properties"]["total"] == {"type": "number"}
    assert fields["items"]["items"]["properties"]["count"]["type"] == "integer"
    assert fields["placedAt"] == {"type": "string", "format": "date-time"}
    parameters = cloud.parameters()
    path = "/inlet-bridge/dev/connections/orders/flows/orders"
    assert parameters[f"{path}/dataset_id"] == dataset_id
    assert parameters[f"{path}/schema_id"] == schema["$id"]
    assert apply(cloud, flow()) == []
    assert drift(cloud) == []


def test_profile_enables_schema_and_dataset_after_the_identity(cloud: Cloud) -> None:
    apply(
        cloud,
        flow(SCHEMA | {"Identities": [IDENTITY]}, Dataset={"Name": "Orders", "Profile": "true"}),
    )

    schema = only_schema(cloud)
    assert schema["meta:immutableTags"] == ["union"]
    (descriptor,) = cloud.adobe.library.descriptors.values()
    assert descriptor["xdm:sourceSchema"] == schema["$id"]
    assert descriptor["xdm:sourceProperty"] == "/_emulated/order/id"
    assert descriptor["xdm:namespace"] == "hubspot"
    assert descriptor["xdm:isPrimary"] is True
    dataset = cloud.adobe.datasets.get(cloud.adobe.datasets.created[0])
    enabled = ["enabled:true"]
    assert dataset
    assert dataset["tags"] == {"unifiedIdentity": enabled, "unifiedProfile": enabled}


def test_profile_record_with_a_standard_identity(cloud: Cloud) -> None:
    identity = {"Field": "personalEmail.address", "Namespace": "Email", "Primary": "true"}
    schema = {
        "Name": "People",
        "Class": "Profile",
        "FieldGroups": [CONTACT],
        "Identities": [identity],
    }
    dataset = {"Name": "People", "Profile": "true"}

    assert "create fieldgroups" not in apply(cloud, flow(schema, Dataset=dataset))
    assert drift(cloud) == []


def test_new_properties_are_added_in_place(cloud: Cloud) -> None:
    apply(cloud, flow(SCHEMA | {"FieldGroups": []}))
    before = only_schema(cloud)["$id"]
    more = {**FIELDS, "note": "string", "order": {**FIELDS["order"], "paid": "boolean"}}
    changed = SCHEMA | {"Fields": more, "Identities": [IDENTITY]}

    assert apply(cloud, flow(changed)) == ["patch fieldgroups", "patch schemas"]
    assert only_schema(cloud)["$id"] == before
    assert COMMERCE in only_schema(cloud)["meta:extends"]
    assert resolved(cloud)["note"] == {"type": "string"}
    assert resolved(cloud)["order"]["properties"]["paid"] == {"type": "boolean"}
    assert len(cloud.adobe.library.descriptors) == 1
    assert apply(cloud, flow(changed)) == []


def test_removed_properties_stay_at_adobe(cloud: Cloud) -> None:
    apply(cloud, flow())
    less = {"order": FIELDS["order"]}

    assert apply(cloud, flow(SCHEMA | {"FieldGroups": [], "Fields": less})) == []
    assert "placedAt" in resolved(cloud)


def test_drift_is_found_and_repaired(cloud: Cloud) -> None:
    apply(cloud, flow(SCHEMA | {"Identities": [IDENTITY]}))
    schema, group = only_schema(cloud), only_group(cloud)
    (dataset_id,) = cloud.adobe.datasets.created
    cloud.adobe.datasets.delete(dataset_id)  # Adobe allows no breaking change beside it.
    library = cloud.adobe.library
    place = "/definitions/customFields/properties/_emulated/properties/placedAt"
    library.patch("fieldgroups", group["$id"], [{"op": "remove", "path": place}])
    at = schema["allOf"].index({"$ref": COMMERCE})
    edits = [
        {"op": "remove", "path": f"/allOf/{at}"},
        {"op": "replace", "path": "/title", "value": "Renamed"},
    ]
    library.patch("schemas", schema["$id"], edits)
    library.descriptors.clear()

    found = "; ".join(drift(cloud))
    for each in ("the field placedAt", COMMERCE, "the name", "the identity /_emulated/order/id"):
        assert each in found
    repaired = cloud.ask(action="repair", connection="orders")
    assert repaired["ok"], repaired["error"]
    assert {"patch fieldgroups", "patch schemas"} <= set(changes(repaired))
    assert drift(cloud) == []
    assert only_schema(cloud)["title"] == "Orders"
    assert "placedAt" in resolved(cloud)
    assert len(library.descriptors) == 1


def test_nothing_that_holds_data_is_deleted_and_all_is_adopted_again(cloud: Cloud) -> None:
    apply(cloud, flow())
    schema_id, (dataset_id,) = only_schema(cloud)["$id"], cloud.adobe.datasets.created
    cloud.adobe.datasets.ingest(dataset_id)

    answer = cloud.ask(action="destroy", connection="orders")
    kept = {step["kind"]: step["reason"] for step in answer["steps"] if step["action"] == "keep"}
    assert kept == {
        "dataSets": "it contains data; delete it in Experience Platform",
        "schemas": "what stays needs it",
        "fieldgroups": "what stays needs it",
    }
    assert cloud.objects() == 0
    assert cloud.parameters() == {}

    done = apply(cloud, flow())
    assert {"adopt fieldgroups", "adopt schemas", "adopt dataSets"} <= set(done)
    assert only_schema(cloud)["$id"] == schema_id
    assert cloud.adobe.datasets.created == (dataset_id,)


def test_empty_dataset_and_schema_are_deleted_with_the_connection(cloud: Cloud) -> None:
    apply(cloud, flow(SCHEMA | {"Identities": [IDENTITY]}))

    done = changes(cloud.ask(action="destroy", connection="orders"))
    assert done[-3:] == ["delete dataSets", "delete schemas", "delete fieldgroups"]
    assert cloud.adobe.library.created == {}
    assert cloud.adobe.library.descriptors == {}
    assert cloud.adobe.datasets.created == ()


UNKNOWN = "https://ns.adobe.com/xdm/mixins/unknown"
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "class": (
        {"Schema": SCHEMA | {"Class": UNKNOWN, "FieldGroups": []}},
        "Schema.Class",
        f"the Schema Registry has no class {UNKNOWN}",
    ),
    "field group": (
        {"Schema": SCHEMA | {"FieldGroups": [UNKNOWN]}},
        "Schema.FieldGroups.0",
        f"the Schema Registry has no field group {UNKNOWN}",
    ),
    "field group of another class": (
        {"Schema": SCHEMA | {"Class": "Profile"}},
        "Schema.FieldGroups.0",
        f"field group {COMMERCE} is not for the class",
    ),
    "identity": (
        {"Schema": SCHEMA | {"Identities": [IDENTITY | {"Field": "_emulated.order"}]}},
        "Schema.Identities.0.Field",
        "the schema has no text field _emulated.order; custom fields are below _emulated",
    ),
    "namespace": (
        {"Schema": SCHEMA | {"Identities": [IDENTITY | {"Namespace": "Hubspot"}]}},
        "Schema.Identities.0.Namespace",
        "the sandbox has no identity namespace Hubspot; create it",
    ),
    "Profile": (
        {
            "Schema": {"Name": "Orders", "Class": "Profile"},
            "Dataset": {"Name": "Orders", "Profile": "true"},
        },
        "Dataset.Profile",
        "needs a primary identity",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_schema_is_refused_before_anything_is_made(cloud: Cloud, kind: str) -> None:
    properties, path, reason = WRONG[kind]
    answer = cloud.send("connection-create", Flows=[flow(**properties)])

    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(f"Flows.0.{path}: ")
    assert reason in answer["Reason"]
    assert cloud.objects() == 0
    assert cloud.adobe.library.created == {}
    assert not any("/connections/" in name for name in cloud.parameters())


def test_name_that_is_taken_is_refused(cloud: Cloud) -> None:
    """Adobe allows each title once; another stage or somebody else may have it."""
    references = [{"$ref": EVENT}]
    body = {"type": "object", "title": "Orders", "description": "Theirs.", "allOf": references}
    theirs = cloud.adobe.library.create("schemas", body)

    answer = ask(cloud, flow())
    assert answer["property"] == "Flows.0.Schema"
    assert f"schema {theirs['$id']} has this name" in answer["error"]
    assert answer["error"].endswith("set Dataset.SchemaId to it, or choose another name")
    assert cloud.objects() == 0


def test_two_connections_do_not_share_what_they_create(cloud: Cloud) -> None:
    apply(cloud, flow())
    schema_id = only_schema(cloud)["$id"]

    answer = ask(cloud, flow(), Name="returns")
    assert answer["property"] == "Flows.0.Schema"
    assert "the bridge did not create it for this flow" in answer["error"]
    assert only_schema(cloud)["$id"] == schema_id


def test_another_type_of_a_field_is_refused(cloud: Cloud) -> None:
    apply(cloud, flow())
    other = SCHEMA | {"Fields": FIELDS | {"placedAt": "string"}}

    answer = ask(cloud, flow(other))
    assert answer["property"] == "Flows.0.Schema.Fields"
    assert "field placedAt is date-time, not string" in answer["error"]
    assert "Adobe allows only new fields" in answer["error"]
    assert resolved(cloud)["placedAt"]["format"] == "date-time"


@pytest.mark.parametrize(
    ("method", "permission"), [("GET", "View Schemas"), ("POST", "Manage Schemas")]
)
def test_missing_permission_is_named(cloud: Cloud, method: str, permission: str) -> None:
    refusal = AnswerWith(403, {"content-type": "application/json"}, '{"message": "Forbidden"}')
    fault = Fault(Service.SCHEMA_REGISTRY, method, times=None, effect=refusal)
    cloud.adobe.faults.add(fault)

    answer = cloud.send("connection-create", Flows=[flow()])
    assert answer["Status"] == "FAILED"
    assert f"a product profile that has the permission {permission}" in answer["Reason"]
    assert cloud.objects() == 0
    assert cloud.adobe.library.created == {}


def test_doctor_names_the_permission(cloud: Cloud) -> None:
    refusal = AnswerWith(403, {"content-type": "application/json"}, '{"message": "Forbidden"}')
    cloud.adobe.faults.add(Fault(Service.SCHEMA_REGISTRY, times=None, effect=refusal))

    found = {each["check"]: each["advice"] for each in cloud.ask(action="doctor")["findings"]}
    assert found["the Schema Registry may be used"].endswith("has the permission View Schemas")


def test_tenant_is_told(cloud: Cloud) -> None:
    assert cloud.ask(action="tenant") == {"ok": True, "tenant": "emulated"}


@pytest.mark.parametrize(
    "path", ["*/tenant/schemas", "*/tenant/fieldgroups", "*/descriptors", "*/dataSets"]
)
@pytest.mark.parametrize("after_work", [True, False])
def test_lost_responses_make_no_second_object(cloud: Cloud, path: str, *, after_work: bool) -> None:
    cloud.adobe.faults.add(Fault(method="POST", path=path, effect=CloseConnection(after_work)))
    apply(cloud, flow(SCHEMA | {"Identities": [IDENTITY]}))

    assert only_schema(cloud)
    assert only_group(cloud)
    assert len(cloud.adobe.library.descriptors) == 1
    assert len(cloud.adobe.datasets.created) == 1
    assert drift(cloud) == []


IDENTIFIED = SCHEMA | {"Identities": [IDENTITY]}
REFUSED = AnswerWith(403, {"content-type": "application/json"}, '{"message": "Forbidden"}')
BREAKS = {
    "the schema": ("POST", "*/tenant/schemas"),
    "the identity": ("POST", "*/tenant/descriptors"),
    "Profile": ("PATCH", "*/tenant/schemas/*"),
    "the dataset": ("POST", "*/catalog/dataSets"),
    "the flow": ("POST", "*/flowservice/flows"),
}


@pytest.mark.parametrize("kind", BREAKS)
def test_first_run_that_adobe_refuses_is_undone(cloud: Cloud, kind: str) -> None:
    method, path = BREAKS[kind]
    cloud.adobe.faults.add(Fault(None, method, path, times=None, effect=REFUSED))
    profile = {"Name": "Orders", "Profile": "true"}

    answer = ask(cloud, flow(IDENTIFIED, Dataset=profile))
    assert "what was created before is deleted again" in answer["error"]
    assert cloud.objects() == 0
    assert cloud.adobe.datasets.created == ()
    if kind in {"the dataset", "the flow"}:  # Adobe deletes no schema with the union tag.
        assert f"schemas/{only_schema(cloud)['$id']} stays: Adobe refused" in answer["error"]
    else:
        assert cloud.adobe.library.created == cloud.adobe.library.descriptors == {}
    cloud.adobe.faults.clear()
    assert "create flows" in apply(cloud, flow(IDENTIFIED, Dataset=profile))
    assert len(cloud.adobe.library.descriptors) == 1
    assert drift(cloud) == []


def test_interrupted_addition_is_completed_by_the_next_run(cloud: Cloud) -> None:
    apply(cloud, flow(SCHEMA | {"FieldGroups": []}))
    cloud.adobe.faults.add(Fault(None, "POST", "*/tenant/descriptors", times=None, effect=REFUSED))

    assert not ask(cloud, flow(IDENTIFIED))["ok"]
    assert COMMERCE in only_schema(cloud)["meta:extends"]
    cloud.adobe.faults.clear()
    assert apply(cloud, flow(IDENTIFIED)) == ["patch schemas"]
    assert only_schema(cloud)["meta:extends"].count(COMMERCE) == 1
    assert drift(cloud) == []


def test_raw_data_is_mapped_to_a_created_schema(cloud: Cloud) -> None:
    mapped = [{"Source": "id", "Destination": "_emulated.order.id"}]

    assert "create mappingSets" in apply(cloud, flow(Mappings=mapped), DataType="raw")
    assert apply(cloud, flow(Mappings=mapped), DataType="raw") == []
    assert drift(cloud) == []
    wrong = [{"Source": "upper(id", "Destination": "_emulated.order.id"}]
    answer = ask(cloud, flow(Mappings=wrong), DataType="raw")
    assert answer["property"] == "Flows.0.Mappings"
