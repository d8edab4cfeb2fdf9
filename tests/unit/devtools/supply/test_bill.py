"""The bill tells what is shipped and changes with nothing else."""

from pathlib import Path
from typing import Any

import pytest

from devtools.supply.bill import bill
from devtools.supply.shipped_wheels import Wheel, shipped_in
from tests.support.wheels import layer, lock, sha256, wheel


@pytest.fixture
def arm(tmp_path: Path) -> Path:
    return wheel(tmp_path, "aarch64")


@pytest.fixture
def locked(arm: Path, tmp_path: Path) -> dict[str, Any]:
    return lock(arm, wheel(tmp_path, "x86_64"))


@pytest.fixture
def shipped(arm: Path, locked: dict[str, Any], tmp_path: Path) -> dict[str, Wheel]:
    return shipped_in(layer(tmp_path, arm), locked)


def test_component_has_the_hash_of_its_wheel_and_no_other(
    arm: Path, locked: dict[str, Any], shipped: dict[str, Wheel]
) -> None:
    (component,) = bill(locked, shipped)["components"]

    hashes = [{"alg": "SHA-256", "content": sha256(arm)}]
    assert (component["name"], component["version"]) == ("library", "1.0")
    assert component["hashes"] == hashes
    assert [each["hashes"] for each in component["externalReferences"]] == [hashes]


def test_locked_package_that_is_not_shipped_is_absent(
    locked: dict[str, Any], shipped: dict[str, Wheel]
) -> None:
    written = bill(locked, shipped)

    assert "colorama" not in str(written)
    assert written["dependencies"] == [
        {"ref": "project", "dependsOn": ["library-1@1.0"]},
        {"ref": "library-1@1.0"},
    ]


def test_same_content_at_another_time_makes_the_same_bill(
    locked: dict[str, Any], shipped: dict[str, Wheel]
) -> None:
    later = {**locked, "serialNumber": "urn:uuid:d1f9e4a6-8a64-4a87-95f2-1b9f1b5d3a07"}
    later["metadata"] = {**locked["metadata"], "timestamp": "2027-01-01T00:00:00Z"}

    assert bill(later, shipped) == bill(locked, shipped)


def test_another_wheel_makes_another_serial_number(
    locked: dict[str, Any], shipped: dict[str, Wheel]
) -> None:
    other = {"library": Wheel("library", "1.0", shipped["library"].url, "0" * 64)}

    assert bill(locked, other)["serialNumber"] != bill(locked, shipped)["serialNumber"]
