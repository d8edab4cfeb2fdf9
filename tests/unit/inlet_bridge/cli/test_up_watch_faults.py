"""What `inlet up` says of a `sources.yaml` that it cannot read, and of an unforeseen exception."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from inlet_bridge.cli import up_watch
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.up_watch import keep_running
from inlet_bridge.local.watching import WatchedFile
from inlet_bridge.local.workspace import SOURCES_FILE
from tests.support.file_editor import VALUES, Editor, Step

TEXT = SOURCES_FILE.read_text()
EDITED = TEXT.replace("'system'", "'self'")
FORMER = "the former version stays deployed"


def nothing(file: Path) -> None:
    """Leave the file as it is."""


def as_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def as_a_dangling_link(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.with_name("missing"))


def as_text(text: str) -> Step:
    def write(file: Path) -> None:
        if file.is_dir():
            file.rmdir()
        elif file.is_symlink():
            file.unlink()
        file.write_text(text)

    return write


def watched(tmp_path: Path, steps: Sequence[Step], deploy: Callable[[str], None]) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(TEXT)
    programs: Any = [Editor(file, steps)]

    def deployed(text: str) -> list[str]:
        deploy(text)
        return []

    keep_running(
        programs,
        WatchedFile(file),
        deploy=deployed,
        warnings=list,
        waiting=lambda: None,
        exist=lambda _: False,
        values=VALUES,
        messages=None,
        screen=Screen(),
    )


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up_watch, "_POLL_SECONDS", 0)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Path.unlink, "cannot be read: No such file"),
        (as_a_folder, "cannot be read: Is a directory"),
        (as_a_dangling_link, "cannot be read: No such file"),
        (lambda file: file.write_bytes(TEXT.encode("utf-16")), "is not UTF-8 at byte 0"),
        (lambda file: file.write_bytes(b"# caf\xe9\n"), "is not UTF-8 at byte 5"),
    ],
    ids=["deleted", "folder", "link", "UTF-16", "Latin-1"],
)
def test_unreadable_file_is_said_once_and_the_next_edit_is_deployed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: Step, said: str
) -> None:
    deployed: list[str] = []

    steps = [fault, nothing, nothing, as_text(EDITED)]
    watched(tmp_path, steps, deployed.append)

    output = capsys.readouterr().out
    assert output.count(f"Failed: {tmp_path / 'sources.yaml'} {said}") == 1
    assert output.count(FORMER) == 1
    assert "sources.yaml can be read again." in output
    assert deployed == [EDITED]


@pytest.mark.parametrize("exception", [ValueError, KeyError, RecursionError, OSError])
def test_unforeseen_exception_does_not_end_the_local_cloud(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], exception: type[Exception]
) -> None:
    deployed: list[str] = []

    def deploy(text: str) -> None:
        if not deployed:
            deployed.append("")
            raise exception("a value")
        deployed.append(text)

    watched(tmp_path, [as_text(EDITED), as_text(TEXT)], deploy)

    output = capsys.readouterr().out
    name = exception.__name__
    assert f"the edit ended in {name}, which is an error of the bridge" in output
    assert "a value" not in output
    assert deployed == ["", TEXT]


@pytest.mark.parametrize("empty", ['""', "''", '"  "'])
def test_empty_identity_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], empty: str
) -> None:
    line = "            producedBy: \"'system'\"\n"
    text = TEXT.replace(line, f"{line}          Identity: {{Email: {empty}}}\n", 1)
    number = text[: text.index("Identity:")].count("\n") + 1
    deployed: list[str] = []

    watched(tmp_path, [as_text(text), as_text(EDITED)], deployed.append)

    output = capsys.readouterr().out
    assert f"sources.yaml:{number}: Routes.0.Identity.Email: is empty" in output
    assert FORMER in output
    assert deployed == [EDITED]


@pytest.mark.parametrize(
    ("exc", "said"),
    [
        (
            EndpointConnectionError(endpoint_url="http://127.0.0.1:1/"),
            "http://127.0.0.1:1 does not answer",
        ),
        (
            ClientError({"Error": {"Code": "Throttling"}}, "PutParameter"),
            "PutParameter: Throttling",
        ),
    ],
)
def test_request_that_fails_is_no_error_of_the_bridge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], exc: Exception, said: str
) -> None:
    def deploy(_: str) -> None:
        raise exc

    watched(tmp_path, [as_text(EDITED)], deploy)

    output = capsys.readouterr().out
    assert "a request to the local cloud failed: " in output
    assert said in output
    assert "error of the bridge" not in output
