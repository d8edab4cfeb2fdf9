"""Plans and previews of a source whose connection is declared, and not yet applied."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.created_schemas import FIELDS, SCHEMA, apply, flow
from tests.support.provisioner_cloud import EMPTY_SANDBOX, Cloud, provisioner_cloud

SOURCE = {
    "Name": "shop",
    "Verification": "iam",
    "Connection": "orders",
    "Routes": [{"Flow": "orders", "Map": {"eventType": "'a'", "_emulated": {"note": "body.note"}}}],
}
CONNECTION = {"Name": "orders", "Flows": [flow()]}
NOTED = flow(SCHEMA | {"Fields": {**FIELDS, "note": "string"}})
WITH_NOTE = {"Name": "orders", "Flows": [NOTED]}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with provisioner_cloud(monkeypatch, EMPTY_SANDBOX) as cloud:
        yield cloud


def schemas(cloud: Cloud, declared: object) -> dict[str, Any]:
    return cloud.ask(action="schemas", connection="orders", declared=declared)


def custom_fields(answer: dict[str, Any]) -> dict[str, Any]:
    properties = answer["flows"]["orders"]["properties"]
    found: dict[str, Any] = properties["_emulated"]["properties"]
    return found


def test_source_of_a_connection_that_will_be_created_is_planned(cloud: Cloud) -> None:
    answer = cloud.ask(action="plan", source=SOURCE, declared=WITH_NOTE)
    assert (answer["ok"], answer["writes"], answer["warnings"]) == (True, True, [])

    refused = cloud.ask(action="plan", source=SOURCE, declared=CONNECTION)
    assert refused["property"] == "Routes.0.Map"
    assert "_emulated.note: the schema has no such field; there is" in refused["error"]
    assert cloud.ask(action="plan", source=SOURCE)["property"] == "Connection"
    assert not cloud.adobe.datasets.created


def test_field_that_the_plan_adds_is_known(cloud: Cloud) -> None:
    apply(cloud, flow())
    assert cloud.ask(action="plan", source=SOURCE)["property"] == "Routes.0.Map"

    assert cloud.ask(action="plan", source=SOURCE, declared=WITH_NOTE)["writes"]
    assert custom_fields(schemas(cloud, WITH_NOTE)) == {
        **custom_fields(schemas(cloud, CONNECTION)),
        "note": {"type": "string"},
    }


@pytest.mark.parametrize("applied", [False, True])
def test_schema_before_it_is_created_is_that_afterwards(cloud: Cloud, *, applied: bool) -> None:
    if applied:
        apply(cloud, flow(SCHEMA | {"FieldGroups": []}))
    before = schemas(cloud, WITH_NOTE)
    apply(cloud, NOTED)
    after = cloud.ask(action="schemas", connection="orders")

    assert "commerce" in before["flows"]["orders"]["properties"]
    for each in ("properties", "required", "meta:class"):
        assert before["flows"]["orders"].get(each) == after["flows"]["orders"].get(each)
    assert before["namespaces"] == after["namespaces"]
    assert schemas(cloud, WITH_NOTE) == after


def test_plan_writes_nothing_if_neither_changes(cloud: Cloud) -> None:
    apply(cloud, NOTED)
    cloud.ask(action="apply", source=SOURCE)

    assert not cloud.ask(action="plan", source=SOURCE, declared=WITH_NOTE)["writes"]


def test_invalid_declaration_is_an_error_of_the_connection(cloud: Cloud) -> None:
    for declared in (5, {"Name": "orders"}, {**CONNECTION, "Flows": [flow({"Name": ""})]}):
        refused = schemas(cloud, declared)
        assert refused["property"] == "Connection"
        assert refused["error"].startswith("Connection: cannot be applied: ")
    refused = cloud.ask(action="status", connection="orders", declared=CONNECTION)
    assert refused["property"] == "declared"
