"""Tests of edits of a file and of new entries of a ledger."""

import os
from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.local.errors import LocalCloudError
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


def test_saving_again_is_an_edit_once_after_a_failed_deployment(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("one")
    watched = WatchedFile(file)
    watched.has_failed = True

    assert watched.edited() is None
    os.utime(file, ns=(1, 1))
    assert watched.edited() == "one"
    os.utime(file, ns=(2, 2))
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


def test_file_that_stays_unreadable_is_reported_once_for_each_reason(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("one")
    watched = WatchedFile(file)

    file.write_bytes(b"\xff")
    assert watched.edited() is None
    with pytest.raises(LocalCloudError, match="is not UTF-8 at byte 0"):
        watched.edited()
    assert watched.edited() is None
    file.unlink()
    assert watched.edited() is None
    with pytest.raises(LocalCloudError, match="cannot be read: No such file"):
        watched.edited()
    assert watched.is_unreadable
    assert watched.edited() is None
    file.write_text("one")
    assert watched.edited() is None
    assert not watched.is_unreadable


def test_only_messages_after_the_last_look_are_new() -> None:
    ledger: dict[str, Any] = {"received": [{"xactionId": "1"}]}
    messages = NewMessages(lambda: ledger)

    assert list(messages) == []
    ledger["received"] = [{"xactionId": "1"}, {"xactionId": "2"}, {"xactionId": "3"}]
    assert [each["xactionId"] for each in messages] == ["2", "3"]
    assert list(messages) == []
