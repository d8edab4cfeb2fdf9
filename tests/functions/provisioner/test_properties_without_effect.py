"""What 0.1.0 accepted without an effect: refused for a new source, and not in a rollback."""

from typing import Any

import pytest

from tests.support.provisioner_cloud import Cloud

MAP = {"a": "body.b"}
EMAIL = {"Email": "body.email"}
CASES: list[tuple[dict[str, Any], str]] = [
    ({"Split": ""}, "Split"),
    ({"ItemId": ""}, "ItemId"),
    ({"Routes": [{"Flow": "orders", "When": ""}]}, "Routes.0.When"),
    ({"Routes": [{"Flow": "orders", "Primary": "Email"}]}, "Routes.0.Primary"),
    (
        {"Routes": [{"Flow": "orders", "Map": MAP, "Identity": EMAIL, "Primary": "Phone"}]},
        "Routes.0.Primary",
    ),
    (
        {"Routes": [{"Targets": [{"Flow": "orders", "Map": MAP, "Primary": "Phone"}]}]},
        "Routes.0.Targets.0.Primary",
    ),
    (
        {"Routes": [{"Targets": [{"Flow": "orders", "Map": MAP}], "Primary": "Phone"}]},
        "Routes.0",
    ),
]


def send(cloud: Cloud, event: str, properties: dict[str, Any]) -> dict[str, Any]:
    routed = {"Routes": [{"Flow": "orders"}], **properties}
    answer: dict[str, Any] = cloud.send(event, **routed)
    return answer


@pytest.mark.parametrize(("properties", "path"), CASES, ids=lambda each: str(each)[:60])
def test_new_source_is_refused_and_a_rollback_is_not(
    cloud: Cloud, properties: dict[str, Any], path: str
) -> None:
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    refused = send(cloud, "source-create", properties)
    assert refused["Status"] == "FAILED"
    assert f"{path}: " in refused["Reason"] or f"{path}." in refused["Reason"]
    assert send(cloud, "source-create", {})["Status"] == "SUCCESS"

    rolled_back = send(cloud, "source-update", properties)

    assert rolled_back["Status"] == "SUCCESS", rolled_back["Reason"]
    assert f"{path}" in rolled_back["Reason"]
    assert "has no effect; leave it out, a new source refuses it" in rolled_back["Reason"]


@pytest.mark.parametrize(
    "properties",
    [
        {"Split": " "},
        {"Split": ["a"]},
        {"Routes": ["a"]},
        {"Routes": "a"},
        {"Routes": [{"Flow": "orders", "Identity": "a", "Primary": "Email"}]},
        {"Routes": [{"Targets": ["a"]}]},
        {"Routes": [{"Flow": "orders", "Map": MAP, "Identity": EMAIL, "Primary": ["Phone"]}]},
        {"Routes": [{"Flow": "orders", "Map": MAP, "Identity": {**EMAIL, "Phone": "body.p"}}]},
    ],
    ids=str,
)
def test_what_was_never_accepted_is_refused_in_an_update(
    cloud: Cloud, properties: dict[str, Any]
) -> None:
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    assert send(cloud, "source-create", {})["Status"] == "SUCCESS"

    assert send(cloud, "source-update", properties)["Status"] == "FAILED"


def test_update_with_an_effect_has_no_such_sentence(cloud: Cloud) -> None:
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    assert send(cloud, "source-create", {})["Status"] == "SUCCESS"
    route = {"Flow": "orders", "When": "body.a", "Map": MAP, "Identity": EMAIL, "Primary": "Email"}

    updated = send(cloud, "source-update", {"Routes": [route], "Split": "body.events"})

    assert updated["Status"] == "SUCCESS", updated["Reason"]
    assert "has no effect" not in updated["Reason"]
