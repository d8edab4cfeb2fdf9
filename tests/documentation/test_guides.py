"""The guides name only what exists: commands, options, settings, reasons and statuses."""

import re
import shlex
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bridge.provisioning.sources.properties import SourceProperties
from inlet_bridge.cli.main import app
from tests.support.sam_template import ROOT

GUIDES = {
    name: (ROOT / "docs" / f"{name}.md").read_text()
    for name in (
        "checking-in-platform",
        "first-sender",
        "migrating",
        "prerequisites",
        "real-senders",
        "troubleshooting",
    )
}
BRIDGE = "".join(path.read_text() for path in (ROOT / "layers" / "bridge").rglob("*.py"))


def commands(page: str) -> set[str]:
    """Commands of `inlet` in the text and in blocks."""
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", page, re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    spans = re.findall(r"`(inlet [a-z][^`]*)`", " ".join(page.split()))
    return {line for line in (*lines, *spans) if line.startswith("inlet ")}


@pytest.mark.parametrize("page", GUIDES.values(), ids=GUIDES)
def test_every_command_of_a_guide_exists(page: str) -> None:
    found = commands(page)

    assert found
    for line in found:
        words = [word for word in shlex.split(line)[1:] if word != "…" and not word.startswith("…")]
        group = 2 if words[0] in {"failed", "dead-letters", "schema"} else 1
        ended = CliRunner().invoke(app, [*words[:group], "--help"])
        assert ended.exit_code == 0, line
        for option in (word for word in words if word.startswith("--")):
            assert option in ended.stdout, line


def test_addresses_of_the_local_api_are_those_of_the_code() -> None:
    local = ROOT / "inlet_bridge"
    patches = (local / "local" / "ministack_patches" / "http_api.py").read_text()
    api = re.findall(r'_API_ID = "([0-9a-f]+)"', patches)
    port = re.findall(r"Port of AWS.*\n.*= (\d+),", (local / "cli" / "up_command.py").read_text())
    page = GUIDES["real-senders"]

    assert set(re.findall(r"([0-9a-f]{8})\.execute-api", page)) == set(api)
    assert set(re.findall(r"execute-api/([0-9a-f]{8})/", page)) == set(api)
    assert set(re.findall(r"(?:localhost|127\.0\.0\.1|http) ?:?(\d{4})", page)) == set(port)


SECRET_FILES = re.compile(r"(?:file://|--secret-file |--credentials |--body )([\w./-]+)")


def test_no_file_with_a_secret_can_be_committed_by_mistake() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = {name for page in pages for name in SECRET_FILES.findall(page.read_text())}
    named -= {name for name in named if name.isupper()}  # Placeholders.
    if not (shutil.which("git") and (ROOT / ".git").exists()):
        pytest.skip("not a clone")

    assert {"secrets/linear.txt", "secrets/adobe.json", "issue.json"} <= named
    assert named - ignored(named) == set()
    assert ignored({"uv-requirements.txt", "events/a.json", "docs/a.txt"}) == set()


def ignored(names: set[str]) -> set[str]:
    """Those of the names that git ignores."""
    ended = subprocess.run(  # noqa: S603
        ["git", "check-ignore", "--no-index", *sorted(names)],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode in {0, 1}, ended.stderr
    return set(ended.stdout.split())


def test_every_status_has_a_section() -> None:
    readme = (ROOT / "README.md").read_text()
    table = readme.partition("## Responses to senders")[2].partition("\n## ")[0]
    headings = re.findall(r"^## .*$", GUIDES["troubleshooting"], re.MULTILINE)

    for status in set(re.findall(r"\b[245]\d\d\b", table)):
        assert any(status in heading for heading in headings), status


@pytest.mark.parametrize(
    "reason",
    re.findall(
        r"^\| `((?:the|no|signed) [^`]*)`",
        GUIDES["troubleshooting"].partition("## The local cloud")[0],
        re.MULTILINE,
    ),
)
def test_reason_is_one_that_the_bridge_logs(reason: str) -> None:
    assert all(part.strip() in BRIDGE for part in reason.split("…")), reason


def test_scheme_of_the_migration_is_valid() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDES["migrating"], re.DOTALL)
    [scheme] = [yaml.safe_load(block) for block in blocks if block.startswith("Scheme:")]
    properties: dict[str, Any] = {
        "Name": "shop",
        "Secrets": ["/inlet-bridge/dev/secrets/shop"],
        "Otherwise": "drop",
        **scheme,
    }

    SourceProperties.model_validate(properties)
