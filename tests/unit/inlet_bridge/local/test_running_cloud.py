"""Tests of the detection of a local cloud that runs in another terminal."""

import os
from pathlib import Path

import pytest

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.running_cloud import running_cloud
from inlet_bridge.local.workspace import keep_logs

CLOUD = Cloud("http://127.0.0.1:4566", "AKIA1", "se'cr=et")


def test_running_cloud_is_found(tmp_path: Path) -> None:
    folder = tmp_path / str(os.getpid())
    folder.mkdir()
    CLOUD.write_entrance(folder, "inlet-bridge-local")

    assert running_cloud(tmp_path) == CLOUD


def test_ended_cloud_is_not_found(tmp_path: Path) -> None:
    for name in ("99999999", "notes"):
        (tmp_path / name).mkdir()
        CLOUD.write_entrance(tmp_path / name, "inlet-bridge-local")

    with pytest.raises(LocalCloudError, match="no local cloud is running"):
        running_cloud(tmp_path)
    with pytest.raises(LocalCloudError):
        running_cloud(tmp_path / "none")


def test_ended_run_leaves_its_logs_only(tmp_path: Path) -> None:
    """MiniStack stores the code of each function, 200 MB in all."""
    (tmp_path / "ministack" / "lambda").mkdir(parents=True)
    (tmp_path / "ministack" / "lambda" / "code.zip").write_bytes(b"x")
    CLOUD.write_entrance(tmp_path, "inlet-bridge-local")
    (tmp_path / "ministack.log").touch()
    keep_logs(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["ministack.log"]
