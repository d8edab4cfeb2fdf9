"""Each suppressed check of ruff or mypy in the product has its reason."""

import re

import pytest

from tests.support.sam_template import ROOT

FOLDERS = (
    "layers/bridge/bridge",
    "functions",
    "inlet_bridge",
    "adobe_emulator",
    "benchmarks",
    "devtools",
)
PRODUCT = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
SUPPRESSION = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\])(.*)$")


def unexplained(lines: list[str]) -> list[int]:
    """The lines that suppress a check without a reason there or in a comment beside them."""
    found = []
    for number, line in enumerate(lines):
        suppressed = SUPPRESSION.search(line)
        if suppressed and not suppressed[1].strip(" -()#"):
            beside = [*lines[max(0, number - 2) : number], *lines[number + 1 : number + 2]]
            if not any(each.strip().startswith("#") for each in beside):
                found.append(number + 1)
    return found


def test_every_suppressed_check_has_its_reason() -> None:
    places = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in PRODUCT
        for number in unexplained(path.read_text().splitlines())
    }

    assert places == set()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = 1  # noqa: E501", [1]),
        ("a = 1  # noqa: E501 (a table)", []),
        ("# A table.\na = 1  # noqa: E501", []),
        ("try:\n    pass\nexcept Exception:  # noqa: BLE001\n    # Lambda logs it.\n    a()", []),
        ("a = b  # type: ignore[misc]\nc = d", [1]),
        ("a = b  # type: ignore[misc]  # Not in the stubs.", []),
    ],
)
def test_reason_is_on_the_line_or_beside_it(text: str, lines: list[int]) -> None:
    assert unexplained(text.splitlines()) == lines
