"""A layer is what its wheels are; whatever else is in it is found."""

from pathlib import Path

import pytest

from devtools.supply.errors import SupplyError
from devtools.supply.shipped_wheels import Wheel, shipped_in
from devtools.supply.wheel_check import compare
from tests.support.wheels import layer, lock, wheel


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """Where wheels are kept, with the library's."""
    wheel(tmp_path / "wheels", "aarch64")
    return tmp_path / "wheels"


@pytest.fixture
def built(tmp_path: Path, wheels: Path) -> Path:
    return layer(tmp_path, next(wheels.iterdir()))


@pytest.fixture
def shipped(built: Path, wheels: Path) -> dict[str, Wheel]:
    return shipped_in(built, lock(next(wheels.iterdir())))


def test_layer_of_its_wheels_passes_with_our_bytecode(
    built: Path, shipped: dict[str, Wheel], wheels: Path
) -> None:
    (built / "python/library/__pycache__").mkdir()
    (built / "python/library/__pycache__/__init__.cpython-313.pyc").write_bytes(b"ours")

    compare(built, shipped, wheels)


def test_layer_that_dropped_files_passes(
    built: Path, shipped: dict[str, Wheel], wheels: Path
) -> None:
    (built / "python/library/__init__.py").unlink()

    compare(built, shipped, wheels)


def test_changed_file_is_found(built: Path, shipped: dict[str, Wheel], wheels: Path) -> None:
    (built / "python/library/__init__.py").write_text("word = 'forged'\n")

    with pytest.raises(SupplyError, match=r"^library/__init__\.py is in the layer but in no"):
        compare(built, shipped, wheels)


def test_added_file_is_found(built: Path, shipped: dict[str, Wheel], wheels: Path) -> None:
    (built / "python/sitecustomize.py").write_text("word = 'added'\n")

    with pytest.raises(SupplyError, match="sitecustomize"):
        compare(built, shipped, wheels)


def test_wheel_that_is_not_the_locked_one_is_rejected_and_forgotten(
    built: Path, shipped: dict[str, Wheel], wheels: Path
) -> None:
    (kept,) = wheels.iterdir()
    kept.write_bytes(kept.read_bytes() + b"\n")

    with pytest.raises(SupplyError, match="is not the file that is locked"):
        compare(built, shipped, wheels)
    assert list(wheels.iterdir()) == []
