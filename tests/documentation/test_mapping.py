"""The examples of docs/mapping.md work, and its table has every function."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from jmespath.functions import Functions
from jsonschema.validators import Draft7Validator

from adobe_emulator.entity_check import fault_of
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, PROFILES_SCHEMA_ID, SCHEMAS
from bridge.messages.functions import MappingFunctions
from inlet_bridge.mapping.declared import Declared
from inlet_bridge.mapping.preview import Preview, assumed_source, preview
from inlet_bridge.mapping.sample_reading import read_sample
from inlet_bridge.template_reading.yaml_reader import read_text
from tests.support.sam_template import ROOT

PAGE = (ROOT / "docs" / "mapping.md").read_text()
XDM = {"events": SCHEMAS[EVENTS_SCHEMA_ID], "profiles": SCHEMAS[PROFILES_SCHEMA_ID]}


@dataclass(frozen=True)
class Example:
    """An example of the page: properties, a sample and the resulting messages."""

    title: str
    properties: dict[str, Any]
    sample: Path
    filtered: int
    messages: list[tuple[str, dict[str, Any]]]

    def preview(self) -> Preview:
        declared = Declared({"Name": "it", "Connection": "c", **self.properties}, tuple(XDM))
        return preview(assumed_source(declared, "record", XDM), *read_sample(self.sample))


def examples() -> list[Example]:
    found = []
    for section in PAGE.split("\n### ")[1:]:
        [properties] = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
        [sample] = re.findall(r"`(events/mapping/\S+\.json)`", section)
        filtered = re.findall(r"of which (\d+) event", section)
        messages = re.findall(r"in `(\w+)`:\n\n```json\n(.*?)```", section, re.DOTALL)
        found.append(
            Example(
                section.splitlines()[0],
                yaml.safe_load(properties),
                ROOT / sample,
                int(filtered[0]) if filtered else 0,
                [(flow, json.loads(text)) for flow, text in messages],
            )
        )
    return found


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.title)
def test_example_has_the_documented_result(example: Example) -> None:
    result = example.preview()

    assert result.is_well
    assert [(each.flow, each.message) for each in result.shown] == example.messages
    assert result.filtered == example.filtered


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.title)
def test_messages_of_an_example_are_valid(example: Example) -> None:
    """Checked with the schema and with the emulated inlet, which rejects unknown fields."""
    for flow, message in example.messages:
        Draft7Validator(dict(XDM[flow])).validate(message)
        assert fault_of(XDM[flow], message) is None


def test_every_sample_has_an_example() -> None:
    assert {each.sample for each in examples()} == set((ROOT / "events" / "mapping").iterdir())


def test_table_has_every_function() -> None:
    own = MappingFunctions.FUNCTION_TABLE.keys() - Functions.FUNCTION_TABLE.keys()
    table = PAGE.partition("| function | gives |")[2].partition("\n\n")[0]

    assert set(re.findall(r"`(\w+)\(", "\n".join(_first_cells(table)))) == own


def _first_cells(table: str) -> list[str]:
    return [row.split("|")[1] for row in table.splitlines() if row.startswith("|")]


def test_example_of_events_is_valid() -> None:
    page = (ROOT / "docs" / "events.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    [example, bucket] = [read_text(text, Path("events.md")).content for text in blocks]
    properties = example["EventSource"]["Properties"]
    event = json.loads((ROOT / "events" / "intake" / "eventbridge.json").read_text())
    [record] = event["Records"]
    source = assumed_source(Declared({**properties, "Connection": "c"}, ("events",)), "record", XDM)
    [shown] = preview(source, {}, record["body"].encode()).shown

    assert shown.message["_emulated"] == {
        "bucket": "tea-and-tins",
        "key": "orders/1.csv",
        "size": 5,
    }
    assert bucket["Uploads"]["Type"] == "AWS::S3::Bucket"
