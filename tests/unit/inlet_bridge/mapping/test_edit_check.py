"""Tests of the check of an edited template before its deployment."""

from pathlib import Path

import pytest

from inlet_bridge.local.workspace import SOURCES_FILE
from inlet_bridge.mapping.edit_check import check_edit
from inlet_bridge.operations.errors import OperationError

FILE = Path("sources.yaml")
VALUES = {"Stage": "local", "DatasetId": "a" * 24, "SchemaId": "https://ns.adobe.com/a/schemas/b"}
SOURCE = """\
Parameters:
  Given: {Type: String}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a/name}
Conditions:
  Never: !Equals [a, b]
  Asked: !Equals [!Ref Given, b]
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Source:
    Type: Custom::WebhookSource
    Properties:
      Name: shop
      Provider: github
      Connection: {Fn::ImportValue: elsewhere}
      Secrets: [/inlet-bridge/local/secrets/github]
      LINE
"""


def check(line: str, values: dict[str, str] | None = None) -> None:
    check_edit(FILE, SOURCE.replace("LINE", line), values or {})


def test_sources_as_delivered_are_valid() -> None:
    check_edit(FILE, SOURCES_FILE.read_text(), VALUES)
    check_edit(FILE, SOURCES_FILE.read_text(), {**VALUES, "EventSourceName": "events"})


@pytest.mark.parametrize(
    "line",
    [
        "Routes: [{Flow: a, Map: {b: body.c}}]",
        "PublicUrl: !Ref Topic",
        "PublicUrl: !GetAtt Topic.TopicArn",
        "PublicUrl: !ImportValue there",
        "PublicUrl: !Ref Given",
        "PublicUrl: !Ref Stored",
        "PathTokens: [!Ref Topic]",
        "PublicUrl: !If [Asked, a, b]",
    ],
)
def test_what_only_the_deployment_knows_is_left_to_it(line: str) -> None:
    check(line)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Mapp: {}", "sources.yaml:16: Mapp: "),
        ("PublicUrl: http://a", "sources.yaml:16: PublicUrl: must be an https address"),
        ("Otherwise: Drop", "sources.yaml:16: Otherwise: must be drop, dead-letter or a flow"),
        ("Otherwise: dead_letter", "sources.yaml:16: Otherwise: must be drop, dead-letter or a"),
        ("PublicUrl: !Ref Nothing", "there is no parameter and no resource Nothing"),
        ("Routes: [{Flow: a, Map: {b: 'c('}}]", "sources.yaml:16: Routes.0.Map: b: is not"),
    ],
)
def test_fault_names_its_line(line: str, reason: str) -> None:
    with pytest.raises(OperationError, match=r"sources\.yaml:16: ") as caught:
        check(line)

    assert reason in str(caught.value)


def test_value_of_a_parameter_is_checked() -> None:
    check("PublicUrl: !Ref Given", {"Given": "https://a"})
    with pytest.raises(OperationError, match="PublicUrl: must be an https address"):
        check("PublicUrl: !Ref Given", {"Given": "a"})


def test_each_of_two_sources_with_one_name_is_checked() -> None:
    second = SOURCE.partition("  Source:\n")[2].replace("LINE", "Mapp: {}")
    with pytest.raises(OperationError, match=r"sources.yaml:24: Mapp: "):
        check("KeepBodies: 1\n  Second:\n" + second)


def test_resource_without_its_condition_is_left_out() -> None:
    text = SOURCE.replace("    Properties:", "    Condition: Never\n    Properties:")

    check_edit(FILE, text.replace("LINE", "Mapp: {}"), {})


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "[]", "{}", "Resources:", "Resources: a", "Resources: []", "Resources: {A: }"),
        "Resources: {A: {Type: Custom::WebhookSource, Properties: []}}",
        "Resources: {A: {Type: Custom::WebhookSource}}",
        "Resources: {A: {Type: Custom::StreamingConnection}}",
        "Resources: {A: {Type: Custom::StreamingConnection, Properties: {Flows: a}}}",
        "Resources: {A: {Type: Custom::WebhookSource, Condition: [], Properties: {}}}",
        "Parameters: a\nResources: {A: {Type: Custom::WebhookSource, Properties: {Name: [a]}}}",
        "Resources: {A: {Type: Custom::WebhookSource, Properties: {Name: a, Routes: a}}}",
        "Resources: {A: {Type: Custom::WebhookSource, Properties: {Name: a, Routes: [[]]}}}",
        "\x00",
        "[" * 5_000,
    ],
)
def test_what_is_no_template_is_an_error_with_a_text(text: str) -> None:
    with pytest.raises(OperationError):
        check_edit(FILE, text, {})
