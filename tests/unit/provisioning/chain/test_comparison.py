"""Tests of the comparison: patchable changes are patched; others need a new object."""

from typing import Any

import pytest

from bridge.provisioning.chain.comparison import changes, differences, is_disabled

FLOW: dict[str, Any] = {
    "name": "orders",
    "description": "Ours.",
    "transformations": [{"name": "Mapping", "params": {"mappingId": "a", "mappingVersion": 0}}],
}


def test_equal_objects_need_no_change() -> None:
    assert changes("flows", FLOW, FLOW | {"id": "x", "etag": "y"}) == {}


@pytest.mark.parametrize("version", [0, "0"])
def test_mapping_version_is_a_number_or_a_string(version: object) -> None:
    params = {"mappingId": "a", "mappingVersion": version}
    actual = {**FLOW, "transformations": [{"name": "Mapping", "params": params}]}

    assert changes("flows", FLOW, actual) == {}


def test_each_change_is_one_patch_operation() -> None:
    params = {"mappingId": "b", "mappingVersion": 0}
    actual = {"name": "renamed", "transformations": [{"name": "Mapping", "params": params}]}

    assert changes("flows", FLOW, actual) == {
        "the name": {"op": "replace", "path": "/name", "value": "orders"},
        "the description": {"op": "add", "path": "/description", "value": "Ours."},
        "the mapping": {
            "op": "replace",
            "path": "/transformations/0",
            "value": FLOW["transformations"][0],
        },
    }


def test_mapping_sets_are_never_patched() -> None:
    assert changes("mappingSets", {"name": "a"}, {"name": "b"}) == {}


@pytest.mark.parametrize("state", ["disabled", "disabling", "DISABLED"])
def test_flow_can_be_disabled(state: str) -> None:
    assert is_disabled("flows", {"state": state})
    assert not is_disabled("connections", {"state": state})


@pytest.mark.parametrize("state", ["enabled", "updating", "initializing", ""])
def test_flow_in_another_state_is_not_disabled(state: str) -> None:
    assert not is_disabled("flows", {"state": state})


def test_differences_contain_both_values() -> None:
    def base(data_type: str, *, authenticated: bool) -> dict[str, Any]:
        return {
            "auth": {"params": {"dataType": data_type, "authenticationRequired": authenticated}}
        }

    wanted, actual = base("xdm", authenticated=True), base("raw", authenticated=False)

    assert differences("connections", wanted, actual) == (
        "the data type is raw, not xdm",
        "authentication is off, not on",
    )


def test_mapping_in_the_older_format_is_normalized() -> None:
    wanted = {"name": "m", "mappings": [{"source": "id", "destination": "_t.id"}]}
    old = {"sourceAttribute": "id", "destinationXdmPath": "_t.id", "version": 0}

    assert differences("mappingSets", wanted, {"name": "m", "mappings": [old]}) == ()
    assert differences("mappingSets", wanted, {"name": "m", "mappings": []}) != ()
