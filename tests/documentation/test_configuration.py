"""docs/configuration.md matches the template and the code."""

import re
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from bridge.background_settings import (
    ForwarderSettings,
    PreflightSettings,
    ProvisionerSettings,
    ReconcilerSettings,
    WatchSettings,
)
from bridge.provisioning.connections.flow_properties import FlowProperties
from bridge.provisioning.connections.properties import ConnectionProperties, desired_chain
from bridge.provisioning.connections.schema_properties import SchemaProperties
from bridge.provisioning.sources.declaration import declared_sender
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.properties import source_properties as read_source
from bridge.settings import AdobeSettings, ReceiverSettings
from tests.support.sam_template import ROOT, functions, sources_template, template

PAGE = (ROOT / "docs" / "configuration.md").read_text()


def section(title: str) -> str:
    """The text below a heading."""
    _, _, rest = PAGE.partition(f"\n## {title}\n")
    assert rest, title
    return rest.partition("\n## ")[0]


def rows(text: str) -> dict[str, list[str]]:
    """Table rows by the name in backticks in their first cell."""
    found = re.findall(r"^\| `([^`]+)` \|(.*)\|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split(" | ")] for name, rest in found}


def documented_default(value: object) -> str:
    return "empty" if value == "" else f"`{value}`"


@pytest.mark.parametrize(
    ("title", "document"),
    [
        ("Parameters of the bridge", template()),
        ("Parameters of the sources", sources_template()),
    ],
)
def test_every_stack_parameter_is_documented_with_its_default(
    title: str, document: dict[str, Any]
) -> None:
    documented = {name: cells[0] for name, cells in rows(section(title)).items()}

    assert documented == {
        name: documented_default(parameter["Default"]) if "Default" in parameter else "none"
        for name, parameter in document["Parameters"].items()
    }


@pytest.mark.parametrize(
    ("title", "document"),
    [
        ("Parameters of the bridge", template()),
        ("Parameters of the sources", sources_template()),
    ],
)
def test_every_output_is_documented(title: str, document: dict[str, Any]) -> None:
    [text] = re.findall(r"^Outputs: ((?:.+\n)+)", section(title), re.MULTILINE)

    assert set(re.findall(r"`(\w+)`", text)) == set(document["Outputs"])


def test_every_export_is_documented() -> None:
    exports = {
        each["Export"]["Name"]["Fn::Sub"].rpartition("-")[2]
        for each in template()["Outputs"].values()
        if "Export" in each
    }
    named = set(re.findall(r"`inlet-bridge-\{stage\}-([A-Z]\w+)`", section("Two stacks")))

    assert named == exports


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("`Custom::StreamingConnection`", ConnectionProperties),
        ("`Custom::WebhookSource`", SourceProperties),
    ],
)
def test_every_property_is_documented_with_whether_it_is_required(
    title: str, model: type[BaseModel]
) -> None:
    text = section(title).partition("\n### ")[0]
    documented = {name: cells[0] == "required" for name, cells in rows(text).items()}

    assert documented == {
        str(field.alias): field.is_required() for field in model.model_fields.values()
    }


def test_every_property_of_a_flow_is_documented() -> None:
    text = rows(section("`Custom::StreamingConnection`"))["Flows"][1]

    assert {str(field.alias) for field in FlowProperties.model_fields.values()} <= set(
        re.findall(r"`(\w+)`", text)
    )


CREATED = section("`Custom::StreamingConnection`").partition("### Schema and dataset")[2]


def test_every_property_of_a_schema_is_documented_with_whether_it_is_required() -> None:
    documented = {name: cells[0] == "required" for name, cells in rows(CREATED).items()}

    assert documented == {
        str(field.alias): field.is_required() for field in SchemaProperties.model_fields.values()
    }


def test_example_of_a_schema_is_valid() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", CREATED, re.DOTALL)
    chain = desired_chain({"Name": "orders", **yaml.safe_load(example)})

    [flow] = chain.flows
    assert flow.schema
    assert flow.schema.fields
    assert flow.schema.identities[0].primary
    assert flow.dataset
    assert flow.dataset.profile


def test_every_environment_variable_is_documented_with_its_functions() -> None:
    documented = {
        name: cells[0] for name, cells in rows(section("Environment of the functions")).items()
    }
    shared = template()["Globals"]["Function"]["Environment"]["Variables"]
    users: dict[str, list[str]] = {}
    for logical_id, properties in functions().items():
        for name in {**shared, **properties["Environment"]["Variables"]}:
            users.setdefault(name, []).append(logical_id.removesuffix("Function").lower())

    assert {
        name: "all" if len(by) == len(functions()) else ", ".join(by) for name, by in users.items()
    } == (documented)


def schemes() -> list[dict[str, Any]]:
    """The examples of schemes."""
    blocks = re.findall(r"```yaml\n(.*?)```", section("`Custom::WebhookSource`"), re.DOTALL)
    return [yaml.safe_load(block) for block in blocks]


@pytest.mark.parametrize("example", schemes(), ids=str)
def test_every_example_of_a_scheme_is_valid(example: dict[str, Any]) -> None:
    secrets = [] if "Subscription" in example else ["/inlet-bridge/dev/secrets/x"]
    properties = {"Name": "x", "Connection": "webhooks", "Secrets": secrets}
    read = read_source({**properties, **example}, "dev")

    assert declared_sender(read).provider == example.get("Provider", "custom")


def test_settings_are_read_from_the_documented_variables_only() -> None:
    documented = set(rows(section("Environment of the functions")))
    for settings in (
        ReceiverSettings,
        ForwarderSettings,
        ProvisionerSettings,
        PreflightSettings,
        WatchSettings,
        ReconcilerSettings,
    ):
        environ = Recorded()
        settings.from_env(environ)

        assert environ.names <= documented
        names = {*settings._fields, *(AdobeSettings._fields if "adobe" in settings._fields else ())}
        assert len(environ.names) == len(names - {"adobe"})


class Recorded(dict[str, str]):
    """An environment that has every variable and records which were read."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return "1"


def test_readme_links_to_the_page() -> None:
    assert "docs/configuration.md" in (ROOT / "README.md").read_text()
