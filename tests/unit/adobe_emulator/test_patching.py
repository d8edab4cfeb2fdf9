"""JSON Patch on the objects of Flow Service."""

from typing import Any

import pytest

from adobe_emulator.exchange import RefusedError
from adobe_emulator.patching import patched
from adobe_emulator.resources import Kind, Resource


def flow() -> Resource:
    document = {
        "name": "f",
        "transformations": [{"name": "Mapping"}],
        "scheduleParams": {"a/b": 1, "c~d": {"e": 2}},
    }
    return Resource(Kind.FLOWS, "id", '"etag"', 0, 0, document)


@pytest.mark.parametrize(
    ("operation", "path", "expected"),
    [
        ({"op": "add", "path": "/description", "value": "d"}, "description", "d"),
        ({"op": "replace", "path": "/name", "value": "g"}, "name", "g"),
        ({"op": "replace", "path": "/transformations/0", "value": 1}, "transformations", [1]),
        ({"op": "remove", "path": "/transformations/0"}, "transformations", []),
        (
            {"op": "add", "path": "/transformations/-", "value": 1},
            "transformations",
            [{"name": "Mapping"}, 1],
        ),
        (
            {"op": "add", "path": "/transformations/0", "value": 1},
            "transformations",
            [1, {"name": "Mapping"}],
        ),
        (
            {"op": "remove", "path": "/scheduleParams/a~1b"},
            "scheduleParams",
            {"c~d": {"e": 2}},
        ),
        (
            {"op": "replace", "path": "/scheduleParams/c~0d/e", "value": 3},
            "scheduleParams",
            {"a/b": 1, "c~d": {"e": 3}},
        ),
    ],
)
def test_operation_changes_its_place_and_leaves_the_original(
    operation: dict[str, Any], path: str, expected: Any
) -> None:
    resource = flow()
    document = patched(resource, [operation])

    assert document[path] == expected
    assert resource.document == flow().document


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "name",
        "//name",
        "/transformations/1",
        "/transformations/x",
        "/scheduleParams/missing/deep",
        "/flowSpec",
        "/sourceConnectionIds/0",
        "/state",
        "/etag",
    ],
)
@pytest.mark.parametrize("name", ["replace", "remove"])
def test_place_that_is_not_there_or_not_open_is_rejected(name: str, path: str) -> None:
    with pytest.raises(RefusedError) as refused:
        patched(flow(), [{"op": name, "path": path, "value": 1}])

    assert refused.value.response.status == 400


@pytest.mark.parametrize("path", ["/transformations/2", "/transformations/x", "/name/x"])
def test_nothing_is_added_at_a_missing_path(path: str) -> None:
    with pytest.raises(RefusedError):
        patched(flow(), [{"op": "add", "path": path, "value": 1}])


def test_operations_are_applied_one_after_the_other_or_not_at_all() -> None:
    resource = flow()
    add = {"op": "add", "path": "/description", "value": "d"}

    assert "description" not in patched(resource, [add, {"op": "remove", "path": "/description"}])
    with pytest.raises(RefusedError):
        patched(resource, [add, {"op": "remove", "path": "/nothing"}])
    assert resource.document == flow().document
