"""Tests of the detection of a local cloud that runs in another terminal."""

import os
from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.running_cloud import entrance_variables, running_cloud
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


def test_environment_chooses_among_several_clouds(tmp_path: Path) -> None:
    """Otherwise a command of one terminal works on the local cloud of another one."""
    other = Cloud("http://127.0.0.1:4999", "AKIA2", "secret")
    for at, (pid, cloud) in enumerate({os.getpid(): CLOUD, os.getppid(): other}.items()):
        folder = tmp_path / str(pid)
        folder.mkdir()
        os.utime(cloud.write_entrance(folder, "inlet-bridge-local"), (at, at))

    for chosen in (CLOUD, other):
        found = entrance_variables(tmp_path, environ={"AWS_ENDPOINT_URL": chosen.endpoint})
        assert found["AWS_ENDPOINT_URL"] == chosen.endpoint
    # Of an ended cloud, and without one: the newest.
    for environ in ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, {}):
        found = entrance_variables(tmp_path, environ=environ)
        assert found["AWS_ENDPOINT_URL"] == other.endpoint


def test_entrance_is_whole_whenever_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / str(os.getpid())
    folder.mkdir()
    seen = []
    write = Path.write_text

    def watched(path: Path, *args: Any, **options: Any) -> int:
        seen.append((folder / "aws.env").exists())
        return write(path, *args, **options)

    monkeypatch.setattr(Path, "write_text", watched)
    entrance = CLOUD.write_entrance(folder, "inlet-bridge-local")

    assert seen == [False]
    assert entrance_variables(tmp_path)["AWS_ENDPOINT_URL"] == CLOUD.endpoint
    assert entrance.stat().st_mode & 0o077 == 0


def test_ended_run_leaves_its_logs_only(tmp_path: Path) -> None:
    """MiniStack stores the code of each function, 200 MB in all."""
    (tmp_path / "ministack" / "lambda").mkdir(parents=True)
    (tmp_path / "ministack" / "lambda" / "code.zip").write_bytes(b"x")
    CLOUD.write_entrance(tmp_path, "inlet-bridge-local")
    (tmp_path / "ministack.log").touch()
    keep_logs(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["ministack.log"]
