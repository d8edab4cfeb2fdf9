"""Tests of the start of the local cloud, with programs that only note that they were stopped."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.local import start as module
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.start import Ports, starting
from inlet_bridge.local.workspace import TEMPLATE

CLOUD = Cloud("http://127.0.0.1:1", "key", "secret")


class FakeProgram:
    """Counts how often it was stopped."""

    stopped = 0

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeProgram]:
    made = {"ministack": FakeProgram(), "adobe": FakeProgram()}
    monkeypatch.setattr(module, "start_ministack", lambda *_, **__: (made["ministack"], CLOUD))
    monkeypatch.setattr(module, "start_emulated_adobe", lambda *_, **__: (made["adobe"], "adobe"))
    monkeypatch.setattr(module, "build", lambda template: template)
    return made


def start(folder: Path, other: Any = None) -> Any:
    with starting(
        folder,
        TEMPLATE,
        settling_seconds=1,
        other=other,
        ports=Ports(0, 0),
        step=lambda _: ExitStack(),
    ) as started:
        return started


def fails(*_: object, **__: object) -> Any:
    raise LocalCloudError("it does not start")


def test_all_programs_run_until_the_block_ends(
    programs: dict[str, FakeProgram], tmp_path: Path
) -> None:
    started = start(tmp_path)

    assert started.programs == (programs["ministack"], programs["adobe"])
    assert (started.adobe, started.built) == ("adobe", TEMPLATE)
    assert all(program.stopped == 1 for program in programs.values())


def test_another_adobe_needs_no_emulator(programs: dict[str, FakeProgram], tmp_path: Path) -> None:
    started = start(tmp_path, other="theirs")

    assert started.programs == (programs["ministack"],)
    assert started.adobe == "theirs"
    assert not programs["adobe"].stopped


@pytest.mark.parametrize("broken", ["start_ministack", "start_emulated_adobe", "build"])
def test_what_has_started_is_stopped_after_a_failure(
    programs: dict[str, FakeProgram], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, broken: str
) -> None:
    monkeypatch.setattr(module, broken, fails)

    with pytest.raises(LocalCloudError, match="does not start"):
        start(tmp_path)

    names = {"start_ministack": "ministack", "start_emulated_adobe": "adobe"}
    for name, program in programs.items():
        assert program.stopped == (0 if names.get(broken) == name else 1)
