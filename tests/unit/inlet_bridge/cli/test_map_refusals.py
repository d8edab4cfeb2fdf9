"""What `inlet map` says of mistakes in `sources.yaml`: the field, its line and the way out."""

from pathlib import Path

import pytest

from tests.support.map_runs import SHOPIFY, TEMPLATE, run

_WHEN = "When: \"event_type == 'orders/create'\""
_MAP = "Map: {a: MAPPED}"


@pytest.mark.parametrize(
    ("old", "new", "output"),
    [
        (_MAP, "Identity: {Email: body.a}, Primary: Emial", "Primary: must be Email, the only"),
        (_MAP, "Primary: Email", "Primary: needs an Identity with this namespace"),
        (_MAP, "Identity: {'': body.a}", "Identity: has an empty namespace; write its code"),
        (_WHEN, "When: ''", "When: is empty; leave When out for a route that takes every event"),
        (_WHEN, "When: ' '", "When: is empty; leave When out for a route that takes every event"),
    ],
)
def test_mistake_is_refused(tmp_path: Path, old: str, new: str, output: str) -> None:
    template = tmp_path / "sources.yaml"
    template.write_text(TEMPLATE.replace(old, new).replace("MAPPED", "body.id"))
    result = run("shop", SHOPIFY, "--file", template)
    shown = " ".join(result.output.split())

    assert result.exit_code == 1
    assert f"sources.yaml:19: Routes.0.{output}" in shown
