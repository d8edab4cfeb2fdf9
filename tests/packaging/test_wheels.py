"""Every locked dependency has a wheel for each of Lambda's architectures."""

import re
import tomllib
from typing import Any

import pytest

from tests.support.sam_template import ROOT, template

REQUIREMENTS = ROOT / "layers" / "dependencies" / "requirements.txt"
ARCHITECTURES = {"arm64": "aarch64", "x86_64": "x86_64"}
# Lambda's Python 3.13 runs on Amazon Linux 2023, with glibc 2.34.
_OF_LINUX = re.compile(r"manylinux_2_(\d+)_|manylinux2014_()")
_NEWEST_GLIBC = 34


def packages() -> dict[str, Any]:
    """The packages of uv.lock by name."""
    document = tomllib.loads((ROOT / "uv.lock").read_text())
    return {package["name"]: package for package in document["package"]}


def required() -> dict[str, set[str]]:
    """The hashes that the layer's requirements allow, by package."""
    blocks = re.split(r"^(?=[a-z0-9-]+==)", REQUIREMENTS.read_text(), flags=re.MULTILINE)
    return {
        block.partition("==")[0]: set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", block))
        for block in blocks
        if "==" in block
    }


def fits(wheel: str, machine: str) -> bool:
    """Whether a wheel runs on Python 3.13 on Lambda."""
    python, abi, platform = wheel.removesuffix(".whl").rsplit("-", 3)[1:]
    if platform == "any":
        return "py3" in python.split(".")
    if not platform.endswith(f"_{machine}") or "linux" not in platform:
        return False
    if not any(int(glibc or 17) <= _NEWEST_GLIBC for glibc, _ in _OF_LINUX.findall(platform)):
        return False
    return abi == "cp313" or (abi == "abi3" and int(python.removeprefix("cp3")) <= 13)


def test_architectures_are_those_that_the_template_offers() -> None:
    assert set(template()["Parameters"]["Architecture"]["AllowedValues"]) == set(ARCHITECTURES)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_dependency_has_a_wheel_that_its_hashes_allow(architecture: str) -> None:
    locked, allowed = packages(), required()

    assert "pydantic-core" in allowed
    without = [
        name
        for name, hashes in allowed.items()
        if not any(
            fits(wheel["url"].rpartition("/")[2], ARCHITECTURES[architecture])
            and wheel["hash"] in hashes
            for wheel in locked[name].get("wheels", [])
        )
    ]
    assert without == []


def test_wheel_for_another_machine_does_not_fit() -> None:
    assert fits("a-1-cp313-cp313-manylinux_2_28_aarch64.whl", "aarch64")
    assert fits("a-1-cp311-abi3-manylinux2014_aarch64.manylinux_2_17_aarch64.whl", "aarch64")
    assert fits("a-1-py2.py3-none-any.whl", "aarch64")
    for other in (
        "a-1-cp313-cp313-manylinux_2_28_x86_64.whl",
        "a-1-cp313-cp313-musllinux_1_2_aarch64.whl",
        "a-1-cp313-cp313t-manylinux_2_28_aarch64.whl",
        "a-1-cp314-abi3-manylinux_2_28_aarch64.whl",
        "a-1-cp313-cp313-manylinux_2_39_aarch64.whl",
        "a-1-cp313-cp313-macosx_11_0_arm64.whl",
    ):
        assert not fits(other, "aarch64")
