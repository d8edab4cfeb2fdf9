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


@pytest.mark.parametrize(("snapshot", "name"), RESULTS.values(), ids=RESULTS)
def test_results_are_those_of_the_version_that_stored_it(snapshot: Snapshot, name: str) -> None:
    assert json.loads(json.dumps(observed(name, snapshot))) == snapshot.read(f"expected_{name}")


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


def _what_it_says(answer: dict[str, Any]) -> Any:
    """A response without what a later delivery changes: buffered, delivered, replayed."""
    try:
        document = json.loads(answer["body"])
    except ValueError:
        return answer
    return {name: document[name] for name in document if name not in ("status", "xactionId")}
