"""The map editor and `inlet map` with the same file, sample and deployment."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from html.parser import HTMLParser
from pathlib import Path
from textwrap import indent
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.mapping import preview as preview_module
from inlet_bridge.operations.deployed import Deployed
from tests.support.operator_account import OperatorAccount

STACK: Final = "inlet-bridge-dev"
NAME: Final = "shop"
_HEAD: Final = """\
# Mine.
Resources:
  Connection:
    Type: Custom::StreamingConnection
    Properties:
      Name: orders
      Flows: [{Name: events}, {Name: people}]
  Source:
    Type: Custom::WebhookSource
    Properties:
      Name: shop
      Provider: PROVIDER
      Secrets: [/inlet-bridge/dev/secrets/shop]
      Connection: !GetAtt Connection.Name
"""


def file_with(properties: str, provider: str) -> str:
    """A file of sources whose source `shop` has these properties, as YAML without indentation."""
    return _HEAD.replace("PROVIDER", provider) + indent(properties, "      ")


class SchemaAccount(OperatorAccount):
    """An account whose provisioner knows the schemas of a connection."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        super().__init__()
        self.schemas = schemas
        self.requests: list[dict[str, Any]] = []
        self.resources = {"ProvisionerFunction": "f"}

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "f"
        self.requests.append(json.loads(Payload))
        flows = {"people": None, **self.schemas}
        answer = {"data_type": "xdm", "flows": flows, "namespaces": ["Email", "Phone"]}
        return {"Payload": io.BytesIO(json.dumps({"ok": True, **answer}).encode())}


def use_account(monkeypatch: pytest.MonkeyPatch, account: OperatorAccount) -> None:
    """Let commands and pages use an account, at a time that stands still."""
    monkeypatch.setattr(Deployed, "_client", account.client)

    class Frozen(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Frozen":
            return cls(2026, 11, 29, 10, tzinfo=tz or UTC)

    monkeypatch.setattr(preview_module, "datetime", Frozen)


def inlet_map(file: Path, sample: Path, *options: str) -> str:
    """The output of `inlet map`."""
    given = ["map", NAME, str(sample), "--file", str(file), "--stack", STACK, *options]
    return str(CliRunner().invoke(app, given, env={"COLUMNS": "200", "NO_COLOR": "1"}).output)


def as_shown(output: str) -> "ShownResult":
    """What the editor has to show for the output of `inlet map --json`."""
    [found] = json.loads(output).values()
    refused = [f"✗ refused: {found['refused']}"] if found["refused"] else []
    problems = list(refused)
    for each in found["shown"]:
        where = f"{each['flow']}: " if each["flow"] else ""
        problems += [f"✗ {where}{each['error']}"] if each["error"] else []
        problems += [f"! {where}{warning}" for warning in each["warnings"]]
    problems += [f"! {hint}" for hint in found["hints"]]
    messages = [each["message"] for each in found["shown"] if each["message"] is not None]
    return ShownResult(problems or ["✓ Nothing is wrong."], messages)


@dataclass
class ShownResult(HTMLParser):
    """What a page shows of a result.

    Attributes:
        problems: sentences, without the number of their line.
        lines: the number of the line of each problem that has one.
        notes: what was not compared.
    """

    problems: list[str] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list, compare=False)
    notes: list[str] = field(default_factory=list, compare=False)
    difference: str = field(default="", compare=False)
    _into: str = field(default="", compare=False)
    _text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def of(cls, page: str) -> "ShownResult":
        """Read a page."""
        found = cls()
        found.feed(page[page.index('id="result-title"') - 1 :])
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = str(dict(attrs).get("class"))
        if tag == "li":
            self._begin("note" if kind == "quiet" else "problem")
        elif tag == "pre" and kind in {"message", "diff"}:
            self._begin(kind)
        elif tag == "span" and self._into == "problem":
            self._end()  # The hint.

    def handle_endtag(self, tag: str) -> None:
        if tag in {"li", "pre"}:
            self._end()

    def handle_data(self, data: str) -> None:
        self._text += data

    def _begin(self, into: str) -> None:
        self._into, self._text = into, ""

    def _end(self) -> None:
        text = self._text.strip()
        match self._into:
            case "problem":
                mark, _, rest = text.partition(" ")
                if rest.startswith("Line "):
                    number, _, rest = rest.removeprefix("Line ").partition(": ")
                    self.lines.append(int(number))
                self.problems.append(f"{mark} {rest}")
            case "note":
                self.notes.append(text)
            case "message":
                self.messages.append(json.loads(self._text))
            case "diff":
                self.difference = self._text
        self._into = ""
