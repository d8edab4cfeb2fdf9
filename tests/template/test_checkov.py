"""checkov finds nothing in the translated template that is not meant so, with its reason."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.support.sam_template import ROOT, functions
from tests.template.test_translation import translated

__all__ = ["translated"]

CHECKOV = ROOT / ".tools" / "checkov" / "bin" / "checkov"

MEANT = {
    "CKV_AWS_28": "A record lives for days and holds no payload: none is older than a backup.",
    "CKV_AWS_115": "The receiver's concurrency is a parameter, the forwarder's is bounded by its "
    "queues, and CloudFormation or the clock alone calls the others.",
    "CKV_AWS_116": "Nothing is lost with an invocation: a sender gets its answer, a message "
    "stays in its queue, CloudFormation waits for a call of its own, and the watch looks again.",
    "CKV_AWS_117": "It talks to Adobe and AWS only, both public; a VPC would add a gateway.",
    "CKV_AWS_119": "A key of your own is the parameter KmsKeyArn.",
}


def findings(template: Path) -> dict[str, set[str]]:
    """The resources by the check that they fail."""
    ended = subprocess.run(  # noqa: S603
        [
            *(str(CHECKOV), "--file", str(template), "--framework", "cloudformation"),
            *("--output", "json", "--quiet", "--compact", "--skip-download"),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    report: dict[str, Any] = json.loads(ended.stdout)
    assert report["summary"]["resource_count"] > 0, ended.stderr
    assert report["summary"]["parsing_errors"] == 0
    failed: dict[str, set[str]] = {}
    for check in report["results"]["failed_checks"]:
        failed.setdefault(check["check_id"], set()).add(check["resource"].rpartition(".")[2])
    return failed


def test_what_checkov_finds_is_meant_so(translated: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(json.dumps(translated, indent=1))

    found = findings(file)

    assert found.keys() == MEANT.keys()
    assert found["CKV_AWS_119"] == found["CKV_AWS_28"] == {"Deliveries"}
    assert found["CKV_AWS_115"] == functions().keys() - {"ReceiverFunction"}


def test_checkov_would_find_something(translated: dict[str, Any], tmp_path: Path) -> None:
    table = translated["Resources"]["Buffer"]
    worse = {**table["Properties"], "SqsManagedSseEnabled": False}
    del worse["KmsMasterKeyId"]
    file = tmp_path / "template.json"
    file.write_text(
        json.dumps(
            {"Resources": {"Buffer": {"Type": table["Type"], "Properties": worse}}}, indent=1
        )
    )

    assert findings(file).keys() - MEANT.keys()
