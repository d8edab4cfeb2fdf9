"""Tests of the edits that `inlet up` deploys while it keeps running."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.cli import up_watch
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.up_watch import keep_running
from inlet_bridge.local.errors import FailedStackError, LocalCloudError
from inlet_bridge.local.watching import WatchedFile
from inlet_bridge.local.workspace import SOURCES_FILE
from inlet_bridge.operations.records.open_counts import OpenCounts

VALUES = {
    "Stage": "local",
    "DatasetId": "a" * 24,
    "SchemaId": "https://ns.adobe.com/a/schemas/b",
    "EventSourceName": "events",
}
FORMER = "the former version stays deployed"


class Editor:
    """A program that runs while edits are saved, and is then interrupted.

    Attributes:
        name, log: of a `Program`.
    """

    name = "editor"
    log = Path("log")

    def __init__(self, file: Path, edits: list[str]) -> None:
        self._file = file
        self._edits = iter(edits)

    @property
    def running(self) -> bool:
        """Whether it runs; looking saves the next edit."""
        text = next(self._edits, None)
        if text is None:
            raise KeyboardInterrupt
        self._file.write_text(text)
        return True


@pytest.fixture
def sources(tmp_path: Path) -> WatchedFile:
    file = tmp_path / "sources.yaml"
    file.write_text(SOURCES_FILE.read_text())
    return WatchedFile(file)


def deployed(
    sources: WatchedFile,
    *edits: str,
    fault: LocalCloudError | None = None,
    waiting: OpenCounts | None = None,
) -> list[str]:
    """The texts that are deployed after these edits; with a fault, none can be."""
    found: list[str] = []

    def deploy(text: str) -> list[str]:
        if fault:
            raise fault
        found.append(text)
        return ["gone was deleted with 3 deliveries"]

    def warnings() -> list[str]:
        return ["source github: no namespace Emial"] if found else []

    programs: Any = [Editor(sources.path, list(edits))]
    keep_running(
        programs,
        sources,
        deploy=deploy,
        warnings=warnings,
        waiting=lambda: waiting,
        exist=lambda _: False,
        values=VALUES,
        messages=None,
        screen=Screen(),
    )
    return found


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up_watch, "_POLL_SECONDS", 0)


def test_valid_edit_is_deployed(sources: WatchedFile, capsys: pytest.CaptureFixture[str]) -> None:
    text = sources.seen.replace("'system'", "'self'")

    assert deployed(sources, text) == [text]
    said = capsys.readouterr().out
    assert "✓ Deploying sources.yaml" in said
    assert "! source github: no namespace Emial" in said
    assert "! gone was deleted with 3 deliveries" in said
    assert FORMER not in said


def test_field_that_is_like_a_type_is_pointed_out(
    sources: WatchedFile, capsys: pytest.CaptureFixture[str]
) -> None:
    given = "{Name: events, DatasetId: !Ref DatasetId, SchemaId: !Ref SchemaId}"
    assert given in sources.seen
    schema = "Schema: {Name: A, Fields: {total: {type: number}}}, Dataset: {Name: A}"
    text = sources.seen.replace(given, f"{{Name: events, {schema}}}")

    assert deployed(sources, text) == [text]
    said = " ".join(capsys.readouterr().out.split())
    assert "! connection webhooks: Flows.0.Schema.Fields creates a field total.type" in said


@pytest.mark.parametrize(
    ("line", "edited", "said"),
    [
        ("producedBy: \"'system'\"", "producedBy: 'join('", ["Routes.0.Map: producedBy: is not"]),
        (
            "Provider: github",
            "Provider: github_webhooks",
            ["Provider: unknown provider", "mean github?"],
        ),
        (
            "Provider: github",
            "Verification: hmac",
            ["Verification: must be 'none' or 'iam', for what is not signed", "Provider: github"],
        ),
        ("Provider: github", "Provider: githup", ["Provider: unknown provider", "mean github?"]),
        ("Provider: github", "actor: no", ["actor: YAML reads no as false", "Put it in quotes"]),
        ("Provider: github", "Privacy: [a]", ["Privacy: must be an object of Drop", "{Mask: ["]),
        ("Provider: github", "Name: other", ["Name occurs twice"]),
        ("Provider: github", "Provider: {a: b}}", ["} closes no bracket", "Remove it."]),
        (
            "- {Name: events,",
            "- {Nmae: events,",
            ["Flows.0.Nmae", "is it Name, which is required?"],
        ),
    ],
)
def test_invalid_edit_is_explained_and_not_deployed(
    sources: WatchedFile,
    capsys: pytest.CaptureFixture[str],
    line: str,
    edited: str,
    said: list[str],
) -> None:
    assert line in sources.seen
    text = sources.seen.replace(line, edited, 1)
    number = text[: text.index(edited)].count("\n") + 1

    assert deployed(sources, text) == []
    output = capsys.readouterr().out
    assert "Deploying" not in output
    for each in (f"{sources.path}:{number}: {said[0]}", *said, FORMER):
        assert each in output


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (OpenCounts(Counter(github=2, gone=1), is_complete=True), "3 deliveries in the buffer: "),
        (OpenCounts(Counter(github=1), is_complete=False), "at least 1 delivery in the buffer: "),
    ],
)
def test_end_names_the_deliveries_that_it_deletes(
    sources: WatchedFile, capsys: pytest.CaptureFixture[str], waiting: OpenCounts, said: str
) -> None:
    deployed(sources, waiting=waiting)

    output = " ".join(capsys.readouterr().out.split())
    assert f" {said}the local cloud is deleted with its queues and tables" in output
    assert "the next `inlet up` starts without them" in output


@pytest.mark.parametrize("waiting", [None, OpenCounts(Counter(), is_complete=True)])
def test_end_says_nothing_of_an_empty_buffer_or_one_that_cannot_be_read(
    sources: WatchedFile, capsys: pytest.CaptureFixture[str], waiting: OpenCounts | None
) -> None:
    deployed(sources, waiting=waiting)

    assert "in the buffer" not in capsys.readouterr().out


def test_edit_after_an_invalid_one_is_deployed(sources: WatchedFile) -> None:
    text = sources.seen

    assert deployed(sources, "Resources: [", text) == [text]


def test_failed_deployment_says_what_stays(
    sources: WatchedFile, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = sources.seen.replace("'system'", "'self'")

    assert deployed(sources, edited, fault=LocalCloudError("no updates")) == []
    said = capsys.readouterr().out
    assert "✗ Deploying sources.yaml" in said
    assert "no updates" in said
    assert FORMER in said


def test_failed_deployment_names_the_line_of_a_property(
    sources: WatchedFile, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = sources.seen.replace("producedBy:", "producedByy:", 1)
    line = edited[: edited.index("producedByy:")].count("\n") + 1
    reasons = (
        "WebhookSource: Routes.0.Map: producedByy: the schema has no such field",
        "Other: no",
    )
    fault = FailedStackError("sources", reasons)

    assert deployed(sources, edited, fault=fault) == []
    said = capsys.readouterr().out
    assert f"Failed: {sources.path}:{line}: Routes.0.Map: producedByy: the schema has" in said
    assert "  Other: no" in said
    assert FORMER in said


@pytest.mark.parametrize("reason", ["Topic: Name: is in use", "WebhookSource: Timed out: a"])
def test_failed_deployment_without_a_property_is_shown_as_it_is(
    sources: WatchedFile, capsys: pytest.CaptureFixture[str], reason: str
) -> None:
    fault = FailedStackError("sources", (reason,))

    assert deployed(sources, f"{sources.seen}\n", fault=fault) == []
    assert f"the stack sources cannot be deployed: {reason}" in capsys.readouterr().out
