"""checkov finds only what is accepted, each with its reason."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.sam_template import ROOT, functions
from tests.support.waiting import MAX_SECONDS

CHECKOV = ROOT / ".tools" / "checkov" / "bin" / "checkov"

ACCEPTED = {
    "CKV_AWS_18": "Only operators may read the bucket; CloudTrail can log that, and its own access "
    "logs would need a second bucket.",
    "CKV_AWS_21": "Versions would outlive the days for which bodies are kept.",
    "CKV_AWS_28": "Records and kept bodies expire after days; a backup would outlive them.",
    "CKV_AWS_115": "The receiver's concurrency is a parameter, the forwarder's is bounded by its "
    "queues, and only CloudFormation or a schedule invokes the others.",
    "CKV_AWS_116": "A failed invocation loses nothing: the sender gets a response, the message "
    "stays in its queue, CloudFormation waits for its response, and the watch runs again.",
    "CKV_AWS_117": "The functions call Adobe and AWS, both public; a VPC would add a gateway.",
    "CKV_AWS_119": "The parameter KmsKeyArn sets a customer managed key.",
}


SEEDED = "seeded.json"
TRANSLATED = "translated.json"
SOURCES = "sources.yaml"

type Findings = dict[str, dict[str, set[str]]]
"""Names of the resources by the check that they fail, by the name of the file."""


@pytest.fixture(scope="module")
def found(translated: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """One run for all files: most of its time it loads its checks."""
    folder = tmp_path_factory.mktemp("checkov")
    (folder / TRANSLATED).write_text(json.dumps(translated, indent=1))
    (folder / SEEDED).write_text(json.dumps(seeded(translated), indent=1))
    shutil.copy(ROOT / SOURCES, folder)
    files = [part for name in (TRANSLATED, SEEDED, SOURCES) for part in ("--file", name)]
    completed = subprocess.run(  # noqa: S603
        [
            *(str(CHECKOV), *files, "--framework", "cloudformation"),
            *("--output", "json", "--compact", "--skip-download"),
        ],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=MAX_SECONDS,
    )
    report: dict[str, Any] = json.loads(completed.stdout)
    assert report["summary"]["parsing_errors"] == 0, completed.stderr
    results = report["results"]
    found: Findings = {
        Path(check["file_path"]).name: {}
        for check in results["passed_checks"] + results["failed_checks"]
    }
    assert found.keys() == {TRANSLATED, SEEDED, SOURCES}, completed.stderr
    for check in results["failed_checks"]:
        failed = found[Path(check["file_path"]).name].setdefault(check["check_id"], set())
        failed.add(check["resource"].rpartition(".")[2])
    return found


def seeded(translated: dict[str, Any]) -> dict[str, Any]:
    """A template with an error: the buffer without encryption."""
    buffer = translated["Resources"]["Buffer"]
    unencrypted = {**buffer["Properties"], "SqsManagedSseEnabled": False}
    del unencrypted["KmsMasterKeyId"]
    return {"Resources": {"Buffer": {"Type": buffer["Type"], "Properties": unencrypted}}}


def test_checkov_finds_only_what_is_accepted(found: Findings) -> None:
    failed = found[TRANSLATED]

    assert failed.keys() == ACCEPTED.keys()
    assert failed["CKV_AWS_119"] == failed["CKV_AWS_28"] == {"Deliveries", "KeptBodies"}
    assert failed["CKV_AWS_18"] == failed["CKV_AWS_21"] == {"KeptBodiesBucket"}
    assert failed["CKV_AWS_115"] == functions().keys() - {"ReceiverFunction"}


def test_checkov_finds_nothing_in_the_sources(found: Findings) -> None:
    assert found[SOURCES].keys() <= ACCEPTED.keys()


def test_checkov_finds_a_seeded_error(found: Findings) -> None:
    assert found[SEEDED].keys() - ACCEPTED.keys()
