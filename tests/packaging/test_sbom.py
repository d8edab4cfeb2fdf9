"""The bill of materials names what is shipped."""

import json
import subprocess
import sys
from typing import Any

from tests.sam_template import ROOT
from tools.sbom import bill

UV = ROOT / ".tools" / "uv" / "bin" / "uv"
EXPORT = [
    *(str(UV), "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project"),
    *("--format", "cyclonedx1.5"),
]


def exported() -> dict[str, Any]:
    text = subprocess.run(EXPORT, cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603
    read: dict[str, Any] = json.loads(text)
    return read


def test_it_names_each_requirement_of_the_layer_with_version_and_hashes() -> None:
    made = bill(exported())
    lines = (ROOT / "layers" / "dependencies" / "requirements.txt").read_text().splitlines()
    required = {line.split(" ")[0] for line in lines if line[0].isalnum()}

    assert made["bomFormat"] == "CycloneDX"
    assert {f"{each['name']}=={each['version']}" for each in made["components"]} == required
    for component in made["components"]:
        assert all(place["hashes"] for place in component["externalReferences"])


def test_equal_contents_make_an_equal_bill() -> None:
    first, second = exported(), exported()

    assert first != second
    assert bill(first) == bill(second)


def test_make_build_writes_it() -> None:
    [line] = [line for line in (ROOT / "Makefile").read_text().splitlines() if "tools.sbom" in line]

    assert all(word in line for word in EXPORT[1:])
    assert line.endswith(".aws-sam/sbom.cdx.json")
    ended = subprocess.run(
        [sys.executable, "-m", "tools.sbom"],
        cwd=ROOT,
        input=json.dumps(exported()),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert json.loads(ended.stdout)["specVersion"] == "1.5"
