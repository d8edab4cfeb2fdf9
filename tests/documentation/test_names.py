"""The dotted names of modules and their members in docstrings, comments and pages exist."""

import re
from importlib import import_module

import pytest

from tests.support.sam_template import ROOT

PACKAGES = ("bridge", "functions", "inlet_bridge", "adobe_emulator", "benchmarks", "devtools")
FOLDERS = ("layers/bridge/bridge", *PACKAGES[1:], "tests")
FILES = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
PAGES = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
NAME = re.compile(rf"`((?:{'|'.join(PACKAGES)}|tests)(?:\.\w+)+)`")


def exists(name: str) -> bool:
    """Whether it is a module, or an attribute of one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            annotated = getattr(found, "__annotations__", {})
            if not hasattr(found, part):
                return part in annotated
            found = getattr(found, part)
        return True
    return False


def named() -> set[tuple[str, str]]:
    return {
        (str(path.relative_to(ROOT)), name)
        for path in (*FILES, *PAGES)
        if path.name != "CHANGELOG.md"
        for name in NAME.findall(path.read_text())
    }


@pytest.mark.parametrize(("path", "name"), sorted(named()))
def test_dotted_name_exists(path: str, name: str) -> None:
    assert exists(name), path


def test_a_missing_name_does_not_exist() -> None:
    assert exists("bridge.ports.aws.Buffer.put_all")
    assert not exists("bridge.ports.aws.Missing")
    assert not exists("bridge.missing")
