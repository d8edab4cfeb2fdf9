"""Tests of the files of interrupted replays."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.outcomes import Outcome, Tally
from inlet_bridge.operations.replay.run import Run, RunFiles, Selection, new_id, started_at

NOW = datetime(2026, 11, 29, 12, 0, 5, 123_000, UTC)


def run(**others: object) -> Run:
    selection = Selection("github", NOW, NOW + timedelta(hours=1), "d-1", "body.a", "no", "a/b")
    made = Run(new_id(NOW), "replay", "stack", selection, 20.0)
    for name, value in others.items():
        setattr(made, name, value)
    return made


def test_saved_run_is_loaded_and_deleted(tmp_path: Path) -> None:
    tally = Tally(3, 1)
    tally.count(Outcome.SENT, times=2)
    tally.count(Outcome.UNMAPPED, "no object")
    made = run(position=(NOW, "id:d-1"), pending=(("github", "id:d-2"),), tally=tally)
    files = RunFiles(tmp_path / "new")

    files.save(made)

    assert files.load(made.run_id) == made
    assert [each.run_id for each in files.unfinished("replay", "stack")] == [made.run_id]
    assert files.unfinished("failed", "stack") == []
    [path] = (tmp_path / "new").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    files.delete(made)
    assert files.load(made.run_id) is None


def test_id_has_the_time_at_which_the_replay_began() -> None:
    assert started_at(new_id(NOW)) == NOW


@pytest.mark.parametrize("text", ["", "../../etc/passwd", "20261399T000000000Z-000000", "x" * 999])
def test_text_that_is_no_id_names_no_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(OperationError, match="is not the ID of a replay"):
        RunFiles(tmp_path).load(text)


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"version": 2}', '{"version": 1}'])
def test_unreadable_file_is_named(tmp_path: Path, text: str) -> None:
    made, files = run(), RunFiles(tmp_path)
    (tmp_path / f"{made.run_id}.json").write_text(text)

    with pytest.raises(OperationError, match="cannot be read"):
        files.load(made.run_id)
    assert files.unfinished("replay", "stack") == []


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OperationError) as caught:
        RunFiles(tmp_path / "file" / "below").save(run())
    assert "XDG_STATE_HOME" in caught.value.hint


def test_default_folder_is_that_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    made = run()

    RunFiles().save(made)

    [path] = (tmp_path / "inlet-bridge" / "replays").iterdir()
    assert json.loads(path.read_text())["run_id"] == made.run_id
