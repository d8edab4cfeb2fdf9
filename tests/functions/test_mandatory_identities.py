"""The field of a primary identity is mandatory in every message."""

from collections.abc import Iterator

import pytest

from tests.support.created_schemas import IDENTITY, SCHEMA, apply, flow, only_schema
from tests.support.provisioner_cloud import EMPTY_SANDBOX, Cloud, provisioner_cloud


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with provisioner_cloud(monkeypatch, EMPTY_SANDBOX) as cloud:
        yield cloud


def faults(cloud: Cloud, fields: dict[str, object]) -> list[str]:
    """What the emulated Adobe has against a message."""
    adobe, schema_id = cloud.adobe, only_schema(cloud)["$id"]
    schema = adobe.mandatory_fields.added(schema_id, adobe.schemas[schema_id])
    entity = {"_id": "a", "timestamp": "2026-01-02T03:04:05Z", **fields}
    return [each.message for each in adobe.lake.check_for(schema).violations(entity)]


def test_message_without_the_primary_identity_fails(cloud: Cloud) -> None:
    apply(cloud, flow(SCHEMA | {"Identities": [{**IDENTITY, "Primary": "false"}]}))
    assert faults(cloud, {}) == []

    apply(cloud, flow(SCHEMA | {"Identities": [IDENTITY]}))
    assert faults(cloud, {}) == ["required key [_emulated] not found"]
    assert faults(cloud, {"_emulated": {"order": {}}}) == ["required key [id] not found"]
    assert faults(cloud, {"_emulated": {"order": {"id": "a"}}}) == []
