"""`inlet send` to a source of the file that the local cloud does not have."""

from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.cli import send
from inlet_bridge.local import single_sender
from tests.support.sent_webhooks import run

SOURCES = """
Resources:
  Forms: {Type: Custom::WebhookSource, Properties: {Name: forms, Provider: typeform}}
"""


class Parameters:
    """Of a local cloud without sources."""

    def __init__(self, *_: object) -> None:
        """Nothing is read."""

    def below(self, _: str) -> dict[str, str]:
        return {}

    def put_secrets(self, _: dict[str, str]) -> None:
        raise AssertionError("nothing is added")


def test_source_that_is_not_deployed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack: Any = type("Stack", (), {"__init__": lambda *_: None, "resources": {}})
    monkeypatch.setattr(single_sender, "Parameters", Parameters)
    monkeypatch.setattr(single_sender, "Stack", stack)
    monkeypatch.setattr(send, "running_cloud", lambda: None)
    monkeypatch.chdir(tmp_path)
    Path("sources.yaml").write_text(SOURCES)

    status, said = run("send", "typeform")

    assert status == 1
    assert "sources.yaml has the source forms, but it is not deployed" in said
    assert "`inlet plan` says it too" in said
