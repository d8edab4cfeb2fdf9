"""Data Prep, Catalog and changes in Flow Service on a socket."""

from typing import Any
from urllib.parse import quote

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.resources import Kind
from adobe_emulator.settings import DATASET_ID, Tenant
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, PROFILES_SCHEMA_ID, SCHEMA_ID
from bridge.adapters.adobe.catalog import AdobeCatalog
from bridge.adapters.adobe.data_prep import AdobeDataPrep
from bridge.adapters.adobe.flow_service import AdobeFlowService
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.adobe.platform_responses import MOST_BYTES
from bridge.adapters.adobe.schema_registry import AdobeSchemaRegistry
from bridge.errors import AdobeError
from bridge.provisioning.schema_comparison import schema_behavior
from tests.support.technical_account import credentials_of, platform_at

TENANT = Tenant()
CREDENTIALS = credentials_of(TENANT)
REFERENCE = {"id": SCHEMA_ID, "contentType": "application/vnd.adobe.xed-full+json;version=1"}
RENAME = [{"op": "replace", "path": "/name", "value": "renamed"}]


@pytest.fixture
def platform(adobe: Adobe) -> AdobePlatform:
    return platform_at(adobe, CREDENTIALS)


def base(service: AdobeFlowService) -> dict[str, Any]:
    body = {
        "name": "base",
        "connectionSpec": {"id": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb", "version": "1.0"},
        "auth": {"specName": "Streaming Connection", "params": {"dataType": "xdm"}},
    }
    item = service.get("connections", service.create("connections", body))
    assert item
    return item


def mapping_set(name: str, source: str = "id") -> dict[str, Any]:
    mapping = {"sourceType": "EXPRESSION", "source": source, "destination": "_id"}
    return {"name": name, "outputSchema": {"schemaRef": REFERENCE}, "mappings": [mapping]}


def test_object_is_changed_only_at_the_version_that_was_read(
    platform: AdobePlatform,
) -> None:
    service = AdobeFlowService(platform)
    item = base(service)
    service.patch("connections", item["id"], item["etag"], RENAME)

    changed = service.get("connections", item["id"])
    assert changed
    assert changed["name"] == "renamed"
    with pytest.raises(AdobeError, match="it was changed concurrently") as caught:
        service.patch("connections", item["id"], item["etag"], RENAME)
    assert caught.value.status == 412


@pytest.mark.parametrize(
    ("status", "body"),
    [(503, ""), (400, '{"errorCode": "1420-400", "message": "the flow is updating"}')],
)
def test_retryable_change_is_retried(
    adobe: Adobe, platform: AdobePlatform, status: int, body: str
) -> None:
    service = AdobeFlowService(platform)
    item = base(service)
    answer = AnswerWith(status, {"content-type": "application/json"}, body)
    adobe.faults.add(Fault(Service.FLOW_SERVICE, "PATCH", times=3, effect=answer))

    service.patch("connections", item["id"], item["etag"], RENAME)
    assert adobe.resources.document(Kind.CONNECTIONS, item["id"])["name"] == "renamed"


def test_mapping_sets_are_found_by_name_on_all_pages(adobe: Adobe, platform: AdobePlatform) -> None:
    data_prep = AdobeDataPrep(platform)
    with adobe.lock:
        ids = [adobe.mapping_sets.create(mapping_set("ours"))["id"] for _ in range(230)]
    made = data_prep.create(mapping_set("a b & c"))

    assert [item["id"] for item in data_prep.named("ours")] == ids
    assert [item["id"] for item in data_prep.named("a b & c")] == [made]
    read = data_prep.get(made)
    assert read
    assert read["mappings"] == mapping_set("")["mappings"]
    assert data_prep.get("0" * 32) is None


def test_mapping_validation_returns_the_messages_of_adobe(platform: AdobePlatform) -> None:
    data_prep = AdobeDataPrep(platform)

    assert data_prep.validate(mapping_set("x")) == ()
    assert data_prep.validate(mapping_set("x", "upper(id")) == (
        "upper(id: the expression cannot be parsed",
    )


def test_dataset_from_creation_to_deletion(adobe: Adobe, platform: AdobePlatform) -> None:
    catalog = AdobeCatalog(platform)
    dataset_id = catalog.create({"name": "Orders & more", "schemaRef": REFERENCE})

    read = catalog.get(dataset_id)
    assert read
    assert read["id"] == dataset_id
    assert [item["id"] for item in catalog.named("Orders & more")] == [dataset_id]
    assert catalog.named("Orders") == []
    assert not catalog.holds_data(dataset_id)
    adobe.datasets.ingest(dataset_id)
    assert catalog.holds_data(dataset_id)

    catalog.delete(dataset_id)
    catalog.delete(dataset_id)
    assert catalog.get(dataset_id) is None


@pytest.mark.parametrize("text", ["{}", "[]", '["x"]', '"x"', "<html>"])
def test_dataset_without_an_id_is_an_error(
    adobe: Adobe, platform: AdobePlatform, text: str
) -> None:
    answer = AnswerWith(201, {"content-type": "application/json"}, text)
    adobe.faults.add(Fault(Service.CATALOG, "POST", effect=answer))

    with pytest.raises(AdobeError) as caught:
        AdobeCatalog(platform).create({"name": "Orders", "schemaRef": REFERENCE})
    assert caught.value.retryable


def test_many_datasets_are_read_by_one_request(adobe: Adobe, platform: AdobePlatform) -> None:
    catalog = AdobeCatalog(platform)
    ids = [catalog.create({"name": name, "schemaRef": REFERENCE}) for name in ("a", "b", "c")]
    adobe.faults.add(
        Fault(
            Service.CATALOG, "GET", path=f"*/dataSets/{ids[0]}", times=None, effect=AnswerWith(500)
        )
    )

    found = catalog.get_all(ids)

    assert {each: item["name"] for each, item in found.items()} == dict(
        zip(ids, "abc", strict=True)
    )


@pytest.mark.parametrize("refused", [0, 1])
def test_missing_dataset_does_not_affect_the_others(
    adobe: Adobe, platform: AdobePlatform, refused: int
) -> None:
    """Whether Catalog leaves it out or refuses the whole list."""
    catalog = AdobeCatalog(platform)
    there = catalog.create({"name": "a", "schemaRef": REFERENCE})
    missing = "0" * 24
    if refused:
        adobe.faults.add(Fault(Service.CATALOG, "GET", path="*,*", effect=AnswerWith(404)))

    assert list(catalog.get_all([missing, there])) == [there]
    assert list(catalog.get_all([there])) == [there]
    assert catalog.get_all([]) == {}


def test_creation_is_never_retried(adobe: Adobe, platform: AdobePlatform) -> None:
    adobe.faults.add(Fault(times=2, method="POST", effect=AnswerWith(503), service=Service.CATALOG))
    with pytest.raises(AdobeError):
        AdobeCatalog(platform).create({"name": "Orders", "schemaRef": REFERENCE})
    assert [fault.times for fault in adobe.faults.pending] == [1]

    adobe.faults.clear()
    adobe.faults.add(
        Fault(times=2, method="POST", effect=AnswerWith(503), service=Service.DATA_PREP)
    )
    with pytest.raises(AdobeError):
        AdobeDataPrep(platform).create(mapping_set("x"))
    assert [fault.times for fault in adobe.faults.pending] == [1]


def test_any_response_of_a_host_is_sufficient(adobe: Adobe, platform: AdobePlatform) -> None:
    platform.check_host(f"{adobe.url}/collection/{'6' * 64}")

    with pytest.raises(AdobeError, match=r"^127.0.0.1:9 cannot be reached: ConnectionError"):
        platform.check_host("http://127.0.0.1:9/collection/x")
    assert adobe.ledger.refused == ()
    assert DATASET_ID in adobe.datasets.named(None)


def test_schema_is_read_with_its_references_resolved(platform: AdobePlatform) -> None:
    registry = AdobeSchemaRegistry(platform)
    schema = registry.get(EVENTS_SCHEMA_ID)

    assert schema
    assert schema_behavior(schema) == "time-series"
    profile = registry.get(PROFILES_SCHEMA_ID)
    assert profile
    assert schema_behavior(profile) == "record"
    assert registry.get("https://ns.adobe.com/emulated/schemas/none") is None


def test_rejection_by_the_schema_registry_is_an_error(
    adobe: Adobe, platform: AdobePlatform
) -> None:
    adobe.faults.add(Fault(None, "GET", effect=AnswerWith(403)))

    with pytest.raises(AdobeError) as caught:
        AdobeSchemaRegistry(platform).get(EVENTS_SCHEMA_ID)
    assert caught.value.status == 403


def test_schema_is_requested_only_in_existing_formats(platform: AdobePlatform) -> None:
    path = f"data/foundation/schemaregistry/tenant/schemas/{quote(EVENTS_SCHEMA_ID, safe='')}"

    with pytest.raises(AdobeError) as caught:
        platform.request("GET", path, "read it")
    assert caught.value.status == 406


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("body", ["[" * 200_000, f'{{"id": {"1" * 5_000}}}', "<html>", ""])
def test_response_that_python_does_not_read_as_json_is_an_error(
    adobe: Adobe, platform: AdobePlatform, status: int, body: str
) -> None:
    """A list without end, and an integer that `int` rejects."""
    odd = AnswerWith(status, {"Content-Type": "application/json"}, body)
    adobe.faults.add(Fault(service=Service.FLOW_SERVICE, times=None, effect=odd))

    with pytest.raises(AdobeError):
        platform.read_page("data/foundation/flowservice/flows", "list flows")


def test_response_that_is_too_large_is_not_read(adobe: Adobe, platform: AdobePlatform) -> None:
    large = AnswerWith(200, {"Content-Type": "application/json"}, " " * MOST_BYTES + "{}")
    adobe.faults.add(Fault(service=Service.FLOW_SERVICE, times=1, effect=large))

    with pytest.raises(AdobeError, match=f"over {MOST_BYTES} bytes"):
        platform.read_page("data/foundation/flowservice/flows", "list flows")
