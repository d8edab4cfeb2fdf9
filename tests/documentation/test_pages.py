"""Links and commands of the documentation exist, and every dependency has its reason."""

import re
import subprocess
import tomllib
from http import HTTPStatus
from pathlib import Path

import pytest

from bridge import errors
from bridge.delivery.record import State
from bridge.errors import WebhookRejectedError
from bridge.receiving.receiver import Receipt
from bridge.receiving.responses import accepted
from tests.support.sam_template import ROOT

PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "adobe_emulator/**/*.md")
    for page in ROOT.glob(pattern)
)
README = (ROOT / "README.md").read_text()


def anchors(page: Path) -> set[str]:
    """IDs of a page's headings, as GitHub generates them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text).strip().lower().replace(" ", "-") for text in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_has_a_target(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_readme_has_at_most_100_lines() -> None:
    assert len(README.splitlines()) <= 100


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets
    assert len(targets) <= 12


def test_make_help_lists_the_targets() -> None:
    output = subprocess.run(
        ["make", "--no-print-directory", "help"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout

    assert {"run", "test", "check", "build", "bench", "deploy"} <= set(
        re.findall(r"^([a-z]+) ", output, re.MULTILINE)
    )


def test_readme_lists_every_status() -> None:
    table = README.partition("## Responses to senders")[2].partition("\n## ")[0]
    documented = {int(status) for status in re.findall(r"\b([245]\d\d)\b", table)}
    rejections = [
        getattr(errors, name).status
        for name in dir(errors)
        if isinstance(getattr(errors, name), type)
        and issubclass(getattr(errors, name), WebhookRejectedError)
        and hasattr(getattr(errors, name), "status")
    ]
    acknowledgments = [
        accepted(Receipt(state, "d-1", "events", "f-1"))["statusCode"]
        for state in (State.DELIVERED, State.BUFFERED)
    ]

    assert documented == {*rejections, *acknowledgments, HTTPStatus.SERVICE_UNAVAILABLE}


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"].values()
    stated = [
        *project["project"]["dependencies"],
        *(item for group in groups for item in group if isinstance(item, str)),
    ]
    names = {re.split(r"[\[<>=~ ]", requirement)[0].lower() for requirement in stated}
    decisions = "".join(page.read_text() for page in (ROOT / "docs" / "decisions").glob("*.md"))

    assert {name for name in names if f"`{name}`" not in decisions} == set()


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda page: page.name
)
def test_decision_is_short_and_dated(page: Path) -> None:
    title, _, date = page.read_text().splitlines()[:3]

    assert title.startswith("# ")
    assert page.name.startswith(date)
    assert len(page.read_text().splitlines()) <= 80


def test_every_test_of_the_threat_table_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text()))
    written = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))

    assert len(named) > 20
    assert {name for name in named if f"def {name}(" not in written} == set()


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.is_relative_to(ROOT / "docs") and page.stem != "providers"],
    ids=lambda page: page.name,
)
def test_prose_wraps_at_100_columns(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    lines = [line for line in text.splitlines() if not line.startswith("|") and " " in line.strip()]

    assert [line for line in lines if len(line) > 100 and "](" not in line] == []
