"""Mistakes in a file of sources, as `inlet map` and `inlet up` refuse them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.mapping.edit_check import check_edit
from inlet_bridge.template_reading.errors import ResourceError

type Mistake = tuple[str, str, int, str, str]
"""What is replaced and by what, the line that is named, the reason, and the way out."""


def assert_refused(folder: Path, template: str, mistake: Mistake, sample: str = "{}") -> str:
    """Assert that both refuse a template with a mistake; what `inlet map` prints."""
    old, new, line, reason, hint = mistake
    assert old in template
    text = template.replace(old, new, 1)
    file, body = folder / "sources.yaml", folder / "sample.json"
    file.write_text(text)
    body.write_text(sample)

    result = CliRunner().invoke(
        app, ["map", "shop", str(body), "--file", str(file)], env={"COLUMNS": "400"}
    )

    assert result.exit_code == 1
    output = " ".join(result.output.split())
    assert f"{file}:{line}: " in output
    assert reason in output
    assert hint in output
    with pytest.raises(ResourceError, match=f":{line}: ") as caught:
        check_edit(file, text, {})
    assert reason in str(caught.value)
    return output
