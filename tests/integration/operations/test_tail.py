"""Tests of `inlet tail` on a stack of moto."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from inlet_bridge.cli import tail
from inlet_bridge.cli.console import Screen
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.tail import LogTail
from tests.support.bridge_commands import batch, outcome, refused, run_lines
from tests.support.machine_clock import let_aws_be_behind
from tests.support.moto_deployment import (
    STACK,
    Bridge,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MINUTE = timedelta(minutes=1)


def test_tail_prints_each_line_once(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that the logs show late, and rejected requests with their reason."""
    bridge.log("Receiver", outcome("delivered", "before"), ago=timedelta(hours=1))
    steps: Iterator[Callable[[], None]] = iter(
        [
            lambda: bridge.log("Receiver", outcome("buffered", "d-1"), refused()),
            lambda: bridge.log("Forwarder", batch("d-1"), ago=timedelta(seconds=5)),
            lambda: bridge.log("Receiver", outcome("delivered", "foreign", "stripe")),
        ]
    )

    def sleep(_: float) -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(tail, "time", SimpleNamespace(sleep=sleep))
    lines = run_lines("tail", "github", "--since", "1m", "--json")

    shown = [json.loads(line) for line in lines]
    assert [each["state"] for each in shown] == ["buffered", "refused", "delivered"]
    assert shown[1]["reason"] == "no signature matches"


def test_tail_on_a_machine_whose_clock_is_ahead(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = timedelta(minutes=4)
    let_aws_be_behind(monkeypatch, ahead)
    steps: Iterator[Callable[[], None]] = iter(
        [
            lambda: bridge.log("Receiver", outcome("buffered", "d-1"), ago=ahead),
            lambda: bridge.log("Forwarder", batch("d-1"), ago=ahead),
        ]
    )

    def sleep(_: float) -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(tail, "time", SimpleNamespace(sleep=sleep))

    shown = [json.loads(line) for line in run_lines("tail", "github", "--json")]
    assert [each["state"] for each in shown] == ["buffered", "delivered"]


def test_tail_remembers_a_minute_only(bridge: Bridge) -> None:
    bridge.log("Receiver", outcome("delivered", "d-1"))
    now = datetime.now(UTC)
    times = iter([now, now + timedelta(minutes=5)])
    log = LogTail(Deployed(STACK), now - MINUTE, lambda: next(times))

    assert len(log.new()) == 1
    assert log.new() == []
    assert log._seen == {}  # noqa: SLF001 - its size is what is bounded


def test_tail_on_a_terminal_says_what_to_do_about_each_kind_of_rejection_once(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "signed more than 300 s ago"
    bridge.log("Receiver", refused("r-1", reason=old), refused("r-2", reason=old), refused("r-3"))

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tail, "time", SimpleNamespace(sleep=interrupted))
    terminal = property(lambda _: True, lambda *_: None)
    monkeypatch.setattr(Screen, "interactive", terminal, raising=False)
    said = " ".join(" ".join(run_lines("tail", "github", "--since", "1m")).split())

    assert said.count("Its timestamp is old.") == 1
    assert "`inlet send PROVIDER --body FILE` signs a sample with the current time" in said
    assert "More: inlet why r-1;" in said
    assert "--data-binary" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Waiting for deliveries and rejected requests of all sources, from now on; logs show"),
        (("github", "--since", "2026-01-02T03:04:05"), "of github, since 2026-01-02 03:04:05 UTC;"),
    ],
)
@pytest.mark.usefixtures("bridge")
def test_tail_on_a_terminal_says_what_it_waits_for(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tail, "time", SimpleNamespace(sleep=interrupted))
    assert run_lines("tail", *arguments) == []
    terminal = property(lambda _: True, lambda *_: None)
    monkeypatch.setattr(Screen, "interactive", terminal, raising=False)

    assert said in " ".join(run_lines("tail", *arguments))
    assert run_lines("tail", *arguments, "--json") == []
