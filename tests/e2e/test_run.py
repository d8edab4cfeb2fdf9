"""`make run`'s path, once: deployed, provisioned, webhooks through the deployed URL."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from inlet_bridge.local.workspace import ROOT, SOURCES_FILE, TEMPLATE
from tests.support.waiting import MAX_SECONDS

REAL_PAYLOADS = ROOT.parent / "shared" / "payloads" / "github"
# Several bounded waits, each of which ends with a message of its own.
RUN_SECONDS = 3 * MAX_SECONDS

type Run = tuple[subprocess.CompletedProcess[str], dict[str, Any]]


@pytest.fixture(scope="module")
def real_payloads(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A folder with 20 payloads that GitHub really sent, when they are at hand."""
    files = sorted(REAL_PAYLOADS.glob("*.json"))[:60:3]
    if len(files) != 20:
        return None
    folder = tmp_path_factory.mktemp("payloads")
    (folder / "github").mkdir()
    for file in files:
        shutil.copy(file, folder / "github")
    return folder


def bridge_up(*arguments: str, report: Path) -> Run:
    """Run the command to its end: how it ended and what it reported.

    Temporary files are written beside the report.
    """
    temporary = report.with_name("temporary")
    temporary.mkdir()
    done = subprocess.run(  # noqa: S603
        [
            *(str(Path(sys.executable).with_name("inlet")), "up", "--once"),
            *("--port", "0", "--adobe-port", "0", "--inspector-port", "0"),
            *("--report", str(report), *arguments),
        ],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=RUN_SECONDS,
    )
    return done, {**json.loads(report.read_text()), "temporary": [*temporary.iterdir()]}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, real_payloads: Path | None) -> Run:
    """One run with everything in it."""
    report = tmp_path_factory.mktemp("run") / "report.json"
    own = ("--payloads", str(real_payloads)) if real_payloads else ()
    return bridge_up(*own, report=report)


def accepted(run: Run) -> list[dict[str, Any]]:
    return [webhook for webhook in run[1]["webhooks"] if webhook["accepted"]]


def test_every_expectation_holds(run: Run) -> None:
    done, report = run

    assert done.returncode == 0, done.stdout
    assert report["ok"] is True
    assert report["faults"] == []
    assert [webhook for webhook in report["webhooks"] if webhook["faults"]] == []


def test_adobe_ingested_every_accepted_webhook(run: Run) -> None:
    """The dataset has an ExperienceEvent schema, which permits only its own fields."""
    done, report = run
    distinct = {(w["provider"], w["delivery_id"]) for w in accepted(run)}
    balance = report["balance"]

    assert balance["accepted"] == balance["ingested"] == len(distinct)
    assert {balance[name] for name in ("filtered", "dead", "failed", "in_flight")} == {0}
    assert f"{len(distinct)} accepted = {len(distinct)} ingested + 0 filtered" in done.stdout
    schema_id = report["parameters"]["connections/webhooks/flows/events/schema_id"]
    assert schema_id == EVENTS_SCHEMA_ID


def test_webhooks_of_four_providers_are_delivered(run: Run) -> None:
    webhooks = accepted(run)

    assert len(webhooks) >= 12
    assert {w["provider"] for w in webhooks} == {"github", "stripe", "shopify", "slack"}
    # On a slow machine the flow has settled before the first webhook, and none is buffered.
    assert {200} <= {w["status"] for w in webhooks} <= {200, 202}
    assert all(w["xaction_id"] and w["delivery_id"] for w in webhooks)


def test_every_message_uses_the_flow_id_of_parameter_store(run: Run) -> None:
    flow_id = run[1]["parameters"]["connections/webhooks/flows/events/flow_id"]

    assert {webhook["flow_id"] for webhook in accepted(run)} == {flow_id}


def test_every_object_of_the_chain_is_a_parameter(run: Run) -> None:
    names = {name.rpartition("/")[2] for name in run[1]["parameters"]}

    assert {
        "base_connection_id",
        "inlet_id",
        "inlet_url",
        "source_connection_id",
        "target_connection_id",
        "flow_id",
    } <= names


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("wrong signature", 401),
        ("no signature", 401),
        ("changed after signing", 401),
        ("replay, 10 minutes old", 401),
        ("over 1 MB", 413),
        ("unknown source", 404),
    ],
)
def test_invalid_webhooks_are_rejected(run: Run, sent: str, status: int) -> None:
    refused = [webhook for webhook in run[1]["webhooks"] if webhook["sent"] == sent]

    assert [webhook["status"] for webhook in refused] == [status]


def test_duplicate_gets_the_first_response(run: Run) -> None:
    first = {w["delivery_id"]: w["xaction_id"] for w in accepted(run) if w["sent"] == "as it is"}
    again = [webhook for webhook in accepted(run) if webhook["sent"] == "sent again"]

    assert len(again) == 2
    assert all(first[w["delivery_id"]] == w["xaction_id"] for w in again)


def test_real_payloads_of_github_are_delivered(run: Run, real_payloads: Path | None) -> None:
    if real_payloads is None:
        pytest.skip("the real payloads are not at hand")
    events = {path.stem for path in (real_payloads / "github").iterdir()}
    passed = [w for w in accepted(run) if w["event"] in events and not w["faults"]]

    assert len(passed) == 20


def test_stack_deletion_leaves_nothing(run: Run) -> None:
    assert run[1]["leftovers"] == {"parameters": [], "storage": [], "objects": 0}


def test_temporary_files_are_deleted(run: Run) -> None:
    assert run[1]["temporary"] == []


def test_output_without_a_terminal_is_plain_and_lists_every_webhook(run: Run) -> None:
    output = run[0].stdout

    assert all(sign.isprintable() or sign == "\n" for sign in output)
    assert all(webhook["event"] in output for webhook in run[1]["webhooks"])
    assert "What reached the inlet" in output


def test_run_with_a_missing_permission_fails_and_names_it(tmp_path: Path) -> None:
    template, sources = tmp_path / "template.yaml", tmp_path / "sources.yaml"
    template.write_text(without_statement("BufferDeliveries"))
    sources.write_text(queued())
    files = ("--template", str(template), "--file", str(sources))
    done, report = bridge_up(*files, report=tmp_path / "report.json")

    assert done.returncode == 1
    assert any("AccessDenied" in trouble for trouble in report.get("troubles", [])), report
    assert "AccessDenied" in done.stdout
    assert {w["status"] for w in report["webhooks"] if w["faults"]} == {503}


def queued() -> str:
    """The sources, of which github is buffered even after its flow has settled."""
    provider = "      Provider: github\n"
    text, times = re.subn(provider, f"{provider}      Delivery: queued\n", SOURCES_FILE.read_text())
    assert times == 1
    return text


def without_statement(sid: str) -> str:
    """The template without one IAM statement, readable from any folder."""
    statements = re.compile(rf" +- Sid: {sid}\n(?: +(?!- Sid|  {{6}}\S).*\n)*?(?= +- Sid)")
    text, times = statements.subn("", TEMPLATE.read_text())
    assert times == 1
    return re.sub(r"(CodeUri|ContentUri): ", rf"\1: {ROOT}/", text)
