"""Tests of `inlet failed` on a stack of moto: a source that was not changed since."""

from datetime import UTC, datetime, timedelta

import pytest

from inlet_bridge.cli.options import DEFAULT_STACK
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from tests.support.replay_commands import Commands, run


def test_message_of_an_unchanged_source_is_said_to_be_the_rejected_one(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.fail(commands.receive("d-0"))
    said = "the source github was not changed since."
    assert said not in run("failed", "show", "d-0")
    assert said not in run("failed", "replay", "--dry-run")

    before = datetime.now(UTC) - timedelta(days=1)
    monkeypatch.setattr(Configuration, "changed_at", lambda *_: before)

    assert f"That is what Adobe rejected: {said}" in run("failed", "show", "d-0")
    for options in (("--dry-run",), ()):
        assert f"1 of github become what Adobe rejected: {said}" in run(
            "failed", "replay", *options
        )


def test_change_of_a_source_is_that_of_its_document(commands: Commands) -> None:
    began = datetime.now(UTC) - timedelta(seconds=1)
    commands.configure()

    changed_at = Configuration(Deployed(DEFAULT_STACK)).changed_at("github")

    assert changed_at
    assert changed_at >= began
    assert Configuration(Deployed(DEFAULT_STACK)).changed_at("gone") is None
