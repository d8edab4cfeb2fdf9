"""Which file is read if none is named."""

from pathlib import Path

import pytest

from inlet_bridge.template_reading import default_file
from inlet_bridge.template_reading.errors import MissingFileError


def test_file_that_is_lost_is_restored_from_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(default_file, "_CHECKOUT", tmp_path)

    with pytest.raises(MissingFileError, match=r"no sources\.yaml in this folder") as caught:
        default_file.default_file()

    assert "`git checkout sources.yaml`. A command with --file takes another" in caught.value.hint
