"""Tests of edits of a file and of new entries of a ledger."""

from pathlib import Path
from typing import Any

from inlet_bridge.local.watching import NewMessages, WatchedFile


def test_edit_is_noticed_once(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("one")
    watched = WatchedFile(file)

    assert watched.edited() is None
    file.write_text("two")
    assert watched.edited() == "two"
    assert watched.edited() is None


def test_saving_without_a_change_is_no_edit(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("one")
    watched = WatchedFile(file)
    file.write_text("one")

    assert watched.edited() is None


def test_file_that_an_editor_replaces_is_read_when_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("one")
    watched = WatchedFile(file)

    file.unlink()
    assert watched.edited() is None
    file.write_bytes(b"\xff")
    assert watched.edited() is None
    file.write_text("two")
    assert watched.edited() == "two"


def test_only_messages_after_the_last_look_are_new() -> None:
    ledger: dict[str, Any] = {"received": [{"xactionId": "1"}]}
    messages = NewMessages(lambda: ledger)

    assert list(messages) == []
    ledger["received"] = [{"xactionId": "1"}, {"xactionId": "2"}, {"xactionId": "3"}]
    assert [each["xactionId"] for each in messages] == ["2", "3"]
    assert list(messages) == []
