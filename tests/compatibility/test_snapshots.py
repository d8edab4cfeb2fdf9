"""What every released version stored: today's code reads it and comes to the same results."""

import json
from typing import Any

import pytest

from bridge.version import VERSION
from tests.compatibility.observations.everything import OBSERVATIONS, observed
from tests.compatibility.snapshots import HASHES, REQUESTS, Snapshot, hashes, released

VERSIONS = {each.version: each for each in released()}


RESULTS = {
    f"{version} {name}": (snapshot, name)
    for version, snapshot in VERSIONS.items()
    for name in OBSERVATIONS
    # A version has no results of what was not observed when it was released.
    if snapshot.has(f"expected_{name}")
}


# What commands print: members are added to their JSON, and texts for people change.
PRINTED = {"explained", "listed"}
# Of what is deployed unchanged, later versions may warn of more.
WARNED = {"unchanged"}


@pytest.mark.parametrize(("snapshot", "name"), RESULTS.values(), ids=RESULTS)
def test_results_are_those_of_the_version_that_stored_it(snapshot: Snapshot, name: str) -> None:
    found = json.loads(json.dumps(observed(name, snapshot)))
    expected = snapshot.read(f"expected_{name}")
    if name in WARNED:
        found = _as_warned(found, expected)
    assert (_as_printed(found, expected) if name in PRINTED else found) == expected


@pytest.mark.parametrize(
    "found", [{"warnings": ["b"]}, {"warnings": []}, {"warnings": ["a"], "x": 1}, {"other": ["a"]}]
)
def test_lost_warning_is_another_result(found: dict[str, Any]) -> None:
    expected = [{"warnings": ["a"]}]

    assert _as_warned([{"warnings": ["b", "a"]}], expected) == expected
    assert _as_warned([found], expected) != expected


@pytest.mark.parametrize(
    "found",
    [
        {"status": 0, "said": {"found": [{"state": "dead"}]}},
        {"status": 0, "said": {"found": [{"state": "sent", "id": "1"}]}},
        {"status": 0, "said": {"found": [{"state": "dead", "id": "1"}, {}]}},
        {"status": 1, "said": {"found": [{"state": "dead", "id": "1"}]}},
    ],
)
def test_removed_or_changed_member_is_another_result(found: dict[str, Any]) -> None:
    expected = {"status": 0, "said": {"found": [{"state": "dead", "id": "1"}]}}
    more = {"status": 0, "said": {"found": [{"state": "dead", "id": "1", "advice": "x"}]}}

    assert _as_printed(more, expected) == expected
    assert _as_printed(found, expected) != expected


@pytest.mark.parametrize("snapshot", VERSIONS.values(), ids=VERSIONS)
def test_nothing_is_lost(snapshot: Snapshot) -> None:
    """Of what is expected: a mistake of the version that wrote it would be expected too."""
    received = snapshot.read("expected_received")
    assert received["sent again"] == []
    assert received["new tokens"] == 0
    for each in snapshot.read(REQUESTS)["repeated"]:
        answer = received["repeated"][each["source"]]
        assert _what_it_says(answer) == _what_it_says(each["answer"]), each["source"]
    assert {each["status"] for each in received["new"].values()} <= {200, 202, 204}
    for name in ("forwarded", "redriven", "replayed"):
        if not snapshot.has(f"expected_{name}"):
            continue
        outcome = snapshot.read(f"expected_{name}")
        assert outcome["inlet"]
        assert not outcome["buffer"]


@pytest.mark.parametrize("snapshot", VERSIONS.values(), ids=VERSIONS)
def test_samples_never_change(snapshot: Snapshot) -> None:
    assert hashes(snapshot) == json.loads(HASHES.read_text())[snapshot.version]


def test_every_released_version_has_samples() -> None:
    assert list(json.loads(HASHES.read_text())) == list(VERSIONS)
    assert VERSION in VERSIONS, f"run `python -m tests.compatibility {VERSION}`"


def _as_printed(found: Any, expected: Any) -> Any:
    """What was found, with the members that were expected, and with the expected text of errors."""
    if isinstance(found, dict) and isinstance(expected, dict):
        if expected.get("status") and found.get("status") == expected["status"]:
            return expected if found["said"] else found
        return {
            name: _as_printed(found[name], expected[name]) for name in found if name in expected
        }
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        return [_as_printed(*pair) for pair in zip(found, expected, strict=True)]
    return found


def _as_warned(found: Any, expected: Any) -> Any:
    """What was found, without the warnings that the earlier version did not have."""
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        return [_as_warned(*pair) for pair in zip(found, expected, strict=True)]
    if not (isinstance(found, dict) and isinstance(expected, dict)):
        return found
    kept = {name: _as_warned(value, expected.get(name)) for name, value in found.items()}
    if "warnings" in expected and "warnings" in found:
        former = expected["warnings"]
        kept["warnings"] = [each for each in found["warnings"] if each in former]
    return kept


def _what_it_says(answer: dict[str, Any]) -> Any:
    """A response without what a later delivery changes: buffered, delivered, replayed."""
    try:
        document = json.loads(answer["body"])
    except ValueError:
        return answer
    return {name: document[name] for name in document if name not in ("status", "xactionId")}
