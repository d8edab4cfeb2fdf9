"""checkov finds only what is accepted, each with its reason."""

import json
import subprocess
from pathlib import Path
from typing import Any

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


def findings(template: Path) -> dict[str, set[str]]:
    """Names of the resources by the check that they fail."""
    completed = subprocess.run(  # noqa: S603
        [
            *(str(CHECKOV), "--file", str(template), "--framework", "cloudformation"),
            *("--output", "json", "--quiet", "--compact", "--skip-download"),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=MAX_SECONDS,
    )
    report: dict[str, Any] = json.loads(completed.stdout)
    assert report["summary"]["resource_count"] > 0, completed.stderr
    assert report["summary"]["parsing_errors"] == 0
    failed: dict[str, set[str]] = {}
    for check in report["results"]["failed_checks"]:
        failed.setdefault(check["check_id"], set()).add(check["resource"].rpartition(".")[2])
    return failed


def test_checkov_finds_only_what_is_accepted(translated: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(json.dumps(translated, indent=1))

    found = findings(file)

    assert found.keys() == ACCEPTED.keys()
    assert found["CKV_AWS_119"] == found["CKV_AWS_28"] == {"Deliveries", "KeptBodies"}
    assert found["CKV_AWS_18"] == found["CKV_AWS_21"] == {"KeptBodiesBucket"}
    assert found["CKV_AWS_115"] == functions().keys() - {"ReceiverFunction"}


def test_checkov_finds_nothing_in_the_sources() -> None:
    assert findings(ROOT / "sources.yaml").keys() <= ACCEPTED.keys()


def test_checkov_finds_a_seeded_error(translated: dict[str, Any], tmp_path: Path) -> None:
    table = translated["Resources"]["Buffer"]
    unencrypted = {**table["Properties"], "SqsManagedSseEnabled": False}
    del unencrypted["KmsMasterKeyId"]
    file = tmp_path / "template.json"
    file.write_text(
        json.dumps(
            {"Resources": {"Buffer": {"Type": table["Type"], "Properties": unencrypted}}}, indent=1
        )
    )

    assert findings(file).keys() - ACCEPTED.keys()
