"""Tests of `inlet up` when it ends before a program is started."""

import json
import os
import signal
from pathlib import Path

import pytest

from inlet_bridge.cli import up as module
from inlet_bridge.cli.up import AdobeOptions, UpOptions, up
from inlet_bridge.local.start import Ports
from inlet_bridge.local.workspace import SOURCES_FILE, TEMPLATE


def options(report: Path, **changes: object) -> UpOptions:
    given: dict[str, object] = {
        "once": True,
        "keep": False,
        "payloads": None,
        "report": report,
        "template": TEMPLATE,
        "sources": SOURCES_FILE,
        "settling_seconds": None,
        "ports": Ports(0, 0),
        "adobe": None,
    }
    return UpOptions(**given | changes)  # type: ignore[arg-type]


def error_in(report: Path) -> str:
    document = json.loads(report.read_text())
    assert document["ok"] is False
    return str(document["error"])


def test_invalid_payloads_end_the_command_before_a_start(tmp_path: Path) -> None:
    status = up(options(tmp_path / "report", payloads=tmp_path))

    assert status == 1
    assert "no payloads" in error_in(tmp_path / "report")


def test_invalid_credentials_end_the_command_before_a_start(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("{}")
    adobe = AdobeOptions("http://x", tmp_path / "credentials", "0" * 24, "https://s", None, ())

    assert up(options(tmp_path / "report", adobe=adobe)) == 1
    assert "lacks client_id" in error_in(tmp_path / "report")


def test_ctrl_c_ends_the_command_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_run", interrupted)

    assert up(options(tmp_path / "report")) == 130
    assert error_in(tmp_path / "report") == "interrupted"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_termination_unwinds_like_an_exception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def terminated(*_: object) -> bool:
        os.kill(os.getpid(), number)
        signal.sigtimedwait([], 1)
        raise AssertionError("the signal did not raise")

    monkeypatch.setattr(module, "_run", terminated)
    before = signal.getsignal(number)
    with pytest.raises(SystemExit) as caught:
        up(options(tmp_path / "report"))

    assert caught.value.code == 128 + number
    assert signal.getsignal(number) is before
