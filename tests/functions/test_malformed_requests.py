"""A custom resource request gets a response, whatever it contains."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.custom_resources import FUNCTIONS, Clouds, send, surrounded, written
from tests.support.listener import Listener


@pytest.fixture
def clouds(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clouds]:
    with surrounded(monkeypatch) as clouds:
        yield clouds


HALF = "\ud800"  # Half of a surrogate pair: JSON can escape it, UTF-8 cannot encode it.


def put_to(listener: Listener) -> dict[str, Any]:
    """Return the only new response, which is encodable and within CloudFormation's limits."""
    (answer,) = listener.answers
    (headers,) = listener.headers
    listener.answers.clear()
    listener.headers.clear()
    assert int(headers["content-length"]) < 4_096
    json.dumps(answer, ensure_ascii=False).encode()
    assert 0 < len(answer["PhysicalResourceId"].encode()) <= 1_024
    return answer


MALFORMED: list[dict[str, Any]] = [
    {"LogicalResourceId": HALF},
    {"LogicalResourceId": "é" * 5_000},
    {"LogicalResourceId": {"a": 1}},
    {"StackId": None},
    {"StackId": "\x7f" * 9_000},
    {"RequestId": ["x" * 9_000]},
    {"RequestId": "x" * 9_000},
    {"RequestType": "Upsert"},
    {"RequestType": "create"},
    {"RequestType": None},
    {"RequestType": {"a": 1}},
    {"RequestType": "Update"},
    {"RequestType": "Delete", "PhysicalResourceId": 7},
    {"RequestType": "Delete", "PhysicalResourceId": None},
    {"RequestType": "Delete", "PhysicalResourceId": HALF * 5_000},
    {"ResourceType": HALF},
    {"ResourceType": "AWS::S3::Bucket"},
    {"ResourceType": None},
    {"ResourceProperties": [HALF]},
    {"ResourceProperties": None},
    {"ResourceProperties": "Versions"},
]
PROPERTIES: list[dict[str, Any]] = [
    {HALF: "x"},
    {"Name": HALF},
    {"\U0001f9ff" * 2_000: "x"},
    {'\x00\x1f"\\' * 2_000: "x"},
    {"Flows": [{HALF * 3_000: "x"}]},
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_invalid_event_fails_with_a_response_and_changes_nothing(clouds: Clouds, name: str) -> None:
    whole = written(name, ResponseURL=clouds.listener.url)
    without = [
        {key: whole[key] for key in whole.keys() - {missing}}
        for missing in whole.keys() - {"ResponseURL", "ServiceToken"}
    ]
    for event in [*without, *(whole | changed for changed in MALFORMED)]:
        answer = send(name, event)

        assert put_to(clouds.listener) == answer, event
        assert answer["Status"] == "FAILED", event
        assert answer["Reason"], event
        assert clouds.nothing_changed(), event


def test_no_property_value_prevents_the_response(clouds: Clouds) -> None:
    name = "provisioner/connection-create"
    for properties in PROPERTIES:
        event = written(name, ResponseURL=clouds.listener.url)
        event["ResourceProperties"] |= properties
        send(name, event)

        answer = put_to(clouds.listener)
        assert answer["Status"] == "FAILED", properties
        assert ": " in answer["Reason"] or len(answer["Reason"]) > 100, properties
        assert clouds.nothing_changed(), properties


@pytest.mark.parametrize("name", FUNCTIONS)
def test_event_that_is_not_a_request_is_rejected(clouds: Clouds, name: str) -> None:
    requests: list[object] = [None, [], ["ResponseURL"], "ResponseURL", 7, {}]
    for request in requests:
        answer = send(name, request)

        assert answer.get("Status", "FAILED") == "FAILED"
        assert answer.get("ok", False) is False
        assert clouds.nothing_changed()


def test_invalid_versions_are_rejected_before_a_version_is_published(
    clouds: Clouds,
) -> None:
    unusable: list[object] = [None, "x", [], [HALF], ["arn:aws:lambda:x:1:function:f:live"], [None]]
    for versions in unusable:
        event = written("preflight/version-update", ResponseURL=clouds.listener.url)
        event["OldResourceProperties"]["Versions"] = versions
        send("preflight/version-create", event)

        assert put_to(clouds.listener)["Reason"].startswith("Versions: must be"), versions
        assert clouds.nothing_changed()


def test_oversized_attributes_fail_the_request_instead_of_being_omitted(
    clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAGE", "s" * 4_000)
    event = written("preflight/version-delete", ResponseURL=clouds.listener.url)
    send("preflight/version-create", event)

    put = put_to(clouds.listener)
    assert put["Status"] == "FAILED"
    assert put["Data"] == {}
    assert put["Reason"] == "the attributes of the resource exceed the size limit of a response"
