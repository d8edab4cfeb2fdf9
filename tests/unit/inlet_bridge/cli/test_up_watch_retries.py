"""Tests of what `inlet up` deploys again after a deployment that failed."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from inlet_bridge.cli import up_watch
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.up_watch import keep_running
from inlet_bridge.local.errors import FailedStackError
from inlet_bridge.local.parameters import Parameters, missing_secrets
from inlet_bridge.local.watching import WatchedFile
from inlet_bridge.local.workspace import SOURCES_FILE
from tests.support.file_editor import VALUES, Editor, Step

TEXT = SOURCES_FILE.read_text()
EDITED = f"{TEXT}\n"
SECRET = "/inlet-bridge/local/secrets/xero"
REASON = f"Xero: Secrets.0: {SECRET} does not exist; store it: inlet secret xero --stage local"
AGAIN = "deployed again when the secret is stored, or the file is saved again"


class Cloud(Editor):
    """A local cloud without a secret until it is stored.

    Attributes:
        deployed: what was tried, and whether it succeeded.
    """

    def __init__(self, file: Path, steps: Sequence[Step], reason: str) -> None:
        super().__init__(file, steps)
        self.secrets: set[str] = set()
        self.deployed: list[tuple[str, bool]] = []
        self._reason = reason

    def deploy(self, text: str) -> list[str]:
        self.deployed.append((text, SECRET in self.secrets))
        if SECRET not in self.secrets:
            raise FailedStackError("sources", (self._reason,))
        return []


def keep(cloud: Cloud, file: Path, exist: Callable[[Any], bool]) -> list[tuple[str, bool]]:
    programs: Any = [cloud]
    keep_running(
        programs,
        WatchedFile(file),
        deploy=cloud.deploy,
        warnings=list,
        waiting=lambda: None,
        exist=exist,
        values=VALUES,
        messages=None,
        screen=Screen(),
    )
    return cloud.deployed


def edit(file: Path) -> None:
    file.write_text(EDITED)


def nothing(file: Path) -> None:
    """Leave the file as it is."""


def save_again(file: Path) -> None:
    file.write_text(EDITED)
    os.utime(file, ns=(1, 1))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(up_watch, "_POLL_SECONDS", 0)
    file = tmp_path / "sources.yaml"
    file.write_text(TEXT)
    return file


def test_file_that_is_saved_again_is_deployed_again(file: Path) -> None:
    cloud = Cloud(file, [edit, nothing, save_again, nothing], "Topic: Name: is in use")

    assert keep(cloud, file, lambda _: False) == [(EDITED, False), (EDITED, False)]


def test_file_is_deployed_again_when_the_missing_secret_is_stored(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps: list[Step] = [edit, nothing, lambda _: cloud.secrets.add(SECRET), nothing, nothing]
    cloud = Cloud(file, steps, REASON)

    assert keep(cloud, file, cloud.secrets.issuperset) == [(EDITED, False), (EDITED, True)]
    said = capsys.readouterr().out
    assert said.count(AGAIN) == 1
    assert f"Stored now: {SECRET}." in said


def test_request_that_fails_does_not_end_the_local_cloud(file: Path) -> None:
    def exist(_: object) -> bool:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1/")

    assert keep(Cloud(file, [edit, nothing, nothing], REASON), file, exist) == [(EDITED, False)]


def test_failure_that_names_no_secret_waits_for_none(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud = Cloud(file, [edit, nothing, nothing], f"Xero: Secrets.0: {SECRET} is empty; store it")

    assert keep(cloud, file, lambda _: True) == [(EDITED, False)]
    assert AGAIN not in capsys.readouterr().out


def test_every_missing_secret_of_a_reason_is_found() -> None:
    other = SECRET.replace("xero", "stripe-old")
    reason = f"{REASON}\nStripe: Secrets.1: {other} does not exist; is it a, which does?"

    assert missing_secrets(reason) == {SECRET, other}


@pytest.mark.parametrize("count", [1, 10, 11, 21])
def test_parameters_exist_if_none_is_missing(count: int) -> None:
    class Ssm:
        stored = frozenset(f"/p/{number}" for number in range(count))

        def client(self, _: str) -> "Ssm":
            return self

        def get_parameters(self, Names: list[str]) -> dict[str, list[str]]:  # noqa: N803
            assert len(Names) <= 10, "GetParameters takes no more"
            return {"InvalidParameters": [each for each in Names if each not in self.stored]}

    cloud: Any = Ssm()
    parameters = Parameters(cloud, "local")

    assert parameters.exist(Ssm.stored)
    assert not parameters.exist({*Ssm.stored, "/p/none"})
