"""What `make deploy` finds out before it builds."""

import os
import subprocess
from pathlib import Path

import pytest

from devtools.deployable import fault
from tests.support.sam_template import ROOT

CONFIG = (ROOT / "samconfig.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_shipped_stages_need_a_region_only(stage: str) -> None:
    assert not fault(CONFIG, stage, "eu-west-1")
    assert f"`inlet init --stage {stage}` writes it" in fault(CONFIG, stage, "")
    section = f"[{stage}.deploy.parameters]"
    sources = f"[{stage}-sources.deploy.parameters]"
    written = CONFIG
    for each in (section, sources):
        written = written.replace(each, f'{each}\nregion = "eu-west-1"')
    assert not fault(written, stage, "")


@pytest.mark.parametrize(
    ("text", "stage", "said"),
    [
        (CONFIG, "Dev", "there is no stage Dev: "),
        (CONFIG, "Dev", "is it dev?"),
        (CONFIG, "test", "samconfig.toml has no section test and no section test-sources."),
        (CONFIG, "test", "It has dev, staging, prod. `inlet init --stage test` adds the stage."),
        ("", "dev", "`inlet init --stage dev` adds the stage."),
        ("[dev", "dev", "samconfig.toml cannot be read: "),
    ],
)
def test_missing_stage_is_named(text: str, stage: str, said: str) -> None:
    assert said in fault(text, stage, "eu-west-1")


def test_make_checks_the_stage_before_it_builds(tmp_path: Path) -> None:
    """Nothing is there that could build: `sam` would be started if the check passed."""
    (tmp_path / "samconfig.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    skipped = ("--old-file=.tools/local", "--old-file=.tools/ready")
    done = subprocess.run(  # noqa: S603
        ["make", "-f", str(ROOT / "Makefile"), *skipped, "deploy", "STAGE=test"],  # noqa: S607
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "AWS_REGION": "eu-west-1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode
    assert "samconfig.toml has no section test" in done.stderr
    assert not (tmp_path / ".aws-sam").exists()
