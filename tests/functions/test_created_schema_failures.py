"""Schemas that cannot be created: wrong ones, names that are taken, refusals of Adobe."""

from collections.abc import Iterator
from typing import Any

import pytest

from adobe_emulator.faults import AnswerWith, CloseConnection, Fault, Service
from tests.support.created_schemas import (
    COMMERCE,
    EVENT,
    FIELDS,
    IDENTITY,
    SCHEMA,
    apply,
    ask,
    drift,
    flow,
    only_group,
    only_schema,
    resolved,
)
from tests.support.provisioner_cloud import EMPTY_SANDBOX, Cloud, provisioner_cloud


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with provisioner_cloud(monkeypatch, EMPTY_SANDBOX) as cloud:
        yield cloud


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
    "name": (
        {"Schema": SCHEMA | {"Name": " "}},
        "Schema.Name",
        "must not be blank",
    ),
    "identity": (
        {"Schema": SCHEMA | {"Identities": [IDENTITY | {"Field": "_emulated.order"}]}},
        "Schema.Identities.0.Field",
        "the schema has no text field _emulated.order; custom fields are below _emulated",
    ),
    "namespace": (
        {"Schema": SCHEMA | {"Identities": [IDENTITY | {"Namespace": "nowhere"}]}},
        "Schema.Identities.0.Namespace",
        "the sandbox has no identity namespace nowhere; create it",
    ),
    "spelling of a namespace": (
        {"Schema": SCHEMA | {"Identities": [IDENTITY | {"Namespace": "Hubspot"}]}},
        "Schema.Identities.0.Namespace",
        "the sandbox spells this namespace hubspot",
    ),
    "similar namespace": (
        {"Schema": SCHEMA | {"Identities": [IDENTITY | {"Namespace": "Emial"}]}},
        "Schema.Identities.0.Namespace",
        "the sandbox has no identity namespace Emial; is it Email? Otherwise create it",
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


def test_title_of_a_field_group_is_no_title_of_a_schema(cloud: Cloud) -> None:
    """Titles are unique across schemas and field groups."""
    other = flow(SCHEMA | {"Name": "Orders fields"}, Name="two", Dataset={"Name": "Two"})
    answer = ask(cloud, flow(), other)

    assert answer["property"] == "Flows.1.Schema.Name"
    assert "is the name of the field group of another flow" in answer["error"]
