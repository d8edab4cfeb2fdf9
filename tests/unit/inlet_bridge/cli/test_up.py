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

CREDENTIALS = json.dumps(
    {
        "client_id": "a" * 32,
        "client_secret": "s",
        "org_id": "A@AdobeOrg",
        "scopes": "openid",
        "sandbox": "dev",
    }
)


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


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("      Provider: github", "     Provider: github", "5 spaces of indentation fit no line"),
        ("Name: github", "Nmae: github", "is it Name, which is required?"),
        ("join('.'", "jion('.'", "calls jion(), which does not exist; is it join()?"),
        ("!Ref DatasetId", "!Ref DatasetID", "there is no parameter and no resource DatasetID"),
        ("Name: webhooks", "Name: Web hooks", "Name: must be 1-63 lowercase letters"),
    ],
)
def test_invalid_sources_end_the_command_before_a_start(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    text = SOURCES_FILE.read_text()
    assert old in text
    line = text.partition(old)[0].count("\n") + 1
    file = tmp_path / "sources.yaml"
    file.write_text(text.replace(old, new, 1))

    assert up(options(tmp_path / "report", sources=file)) == 1
    assert error_in(tmp_path / "report").startswith(f"{file}:{line}: ")
    assert sentence in error_in(tmp_path / "report")


def test_invalid_dataset_ends_the_command_before_a_start(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text(CREDENTIALS)
    adobe = AdobeOptions("http://x", tmp_path / "credentials", "mine", "https://s", None, ())

    assert up(options(tmp_path / "report", adobe=adobe)) == 1
    assert "Flows.0.DatasetId: must be " in error_in(tmp_path / "report")


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\xff", "is not UTF-8 at byte 0"), (None, "cannot be read: ")]
)
def test_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "sources.yaml"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)

    assert up(options(tmp_path / "report", sources=file)) == 1
    assert error_in(tmp_path / "report").startswith(f"{file} {reason}")


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
