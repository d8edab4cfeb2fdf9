"""Each distribution in a layer is traced to the wheel that it was made of."""

from pathlib import Path

import pytest

from devtools.supply.errors import SupplyError
from devtools.supply.shipped_wheels import shipped_in
from tests.support.wheels import layer, lock, sha256, wheel


def test_distribution_is_traced_to_the_wheel_of_its_processor(tmp_path: Path) -> None:
    arm, intel = wheel(tmp_path, "aarch64"), wheel(tmp_path, "x86_64")

    found = shipped_in(layer(tmp_path, arm), lock(intel, arm))
    assert found.keys() == {"library"}
    assert found["library"].filename == arm.name
    assert found["library"].sha256 == sha256(arm)


@pytest.mark.parametrize("locked", [{"version": "1.1"}, {"name": "another"}])
def test_version_that_is_not_locked_is_reported(tmp_path: Path, locked: dict[str, str]) -> None:
    arm = wheel(tmp_path, "aarch64")

    with pytest.raises(SupplyError, match=r"^library 1\.0 is shipped but not locked$"):
        shipped_in(layer(tmp_path, arm), lock(arm, **locked))


def test_wheel_for_a_processor_that_is_not_locked_is_reported(tmp_path: Path) -> None:
    arm, intel = wheel(tmp_path, "aarch64"), wheel(tmp_path, "x86_64")

    with pytest.raises(SupplyError, match=r"library 1\.0 for cp313-.*_aarch64 is not locked"):
        shipped_in(layer(tmp_path, arm), lock(intel))
