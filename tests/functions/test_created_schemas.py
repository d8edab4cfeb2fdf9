"""`Schema` and `Dataset` of a flow create both in an empty sandbox."""

from collections.abc import Iterator

import pytest

from tests.support.created_schemas import (
    COMMERCE,
    EVENT,
    FIELDS,
    IDENTITY,
    SCHEMA,
    apply,
    ask,
    changes,
    drift,
    flow,
    only_group,
    only_schema,
    resolved,
)
from tests.support.provisioner_cloud import EMPTY_SANDBOX, Cloud, provisioner_cloud

CONTACT = "https://ns.adobe.com/xdm/context/profile-personal-details"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with provisioner_cloud(monkeypatch, EMPTY_SANDBOX) as cloud:
        yield cloud


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


def test_raw_data_is_mapped_to_a_created_schema(cloud: Cloud) -> None:
    mapped = [{"Source": "id", "Destination": "_emulated.order.id"}]

    assert "create mappingSets" in apply(cloud, flow(Mappings=mapped), DataType="raw")
    assert apply(cloud, flow(Mappings=mapped), DataType="raw") == []
    assert drift(cloud) == []
    wrong = [{"Source": "upper(id", "Destination": "_emulated.order.id"}]
    answer = ask(cloud, flow(Mappings=wrong), DataType="raw")
    assert answer["property"] == "Flows.0.Mappings"


def test_another_primary_identity_takes_the_place_of_the_former(cloud: Cloud) -> None:
    """A schema has one; the former one stays an identity, whether or not it is still declared."""
    apply(cloud, flow(SCHEMA | {"Identities": [IDENTITY]}))
    fields = FIELDS | {"customer": "string"}
    other = IDENTITY | {"Field": "_emulated.customer"}

    def primary() -> list[str]:
        found = cloud.adobe.library.descriptors.values()
        return [each["xdm:sourceProperty"] for each in found if each.get("xdm:isPrimary")]

    apply(cloud, flow(SCHEMA | {"Fields": fields, "Identities": [other]}))
    assert primary() == ["/_emulated/customer"]
    assert drift(cloud) == []

    swapped = [IDENTITY, other | {"Primary": "false"}]
    apply(cloud, flow(SCHEMA | {"Fields": fields, "Identities": swapped}))
    assert primary() == ["/_emulated/order/id"]
    assert drift(cloud) == []


def test_primary_identity_stays_while_profile_is_on(cloud: Cloud) -> None:
    dataset = {"Name": "Orders", "Profile": "true"}
    apply(cloud, flow(SCHEMA | {"Identities": [IDENTITY]}, Dataset=dataset))
    fields = FIELDS | {"customer": "string"}
    other = IDENTITY | {"Field": "_emulated.customer"}

    answer = ask(cloud, flow(SCHEMA | {"Fields": fields, "Identities": [other]}, Dataset=dataset))

    assert answer["property"] == "Flows.0.Schema"
    assert "the primary identity is /_emulated/order/id, not /_emulated/customer" in answer["error"]
    assert "customer" not in resolved(cloud)  # Nothing was changed.


def test_field_group_without_declared_fields_is_deleted_with_its_connection(cloud: Cloud) -> None:
    """The schema keeps it as long as both exist."""
    apply(cloud, flow())
    apply(cloud, flow({"Name": "Orders", "FieldGroups": [COMMERCE]}))
    assert cloud.adobe.library.all("fieldgroups")

    assert cloud.ask(action="destroy", connection="orders")["ok"]

    assert cloud.adobe.library.created == {}
