"""Tests of conditions and `!If` in a template that `inlet map` reads."""

from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.mapping.declared import read_source
from inlet_bridge.template_reading.conditions import holds

PARAMETERS = {"Stage": "dev", "Number": 0, "Empty": ""}
CONDITIONS: dict[str, Any] = {
    "IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]},
    "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
    "HasNumber": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Number"}, 0]}]},
    "Both": {"Fn::And": [{"Condition": "IsDev"}, {"Condition": "HasNumber"}]},
    "Either": {"Fn::Or": [{"Condition": "IsProd"}, {"Condition": "IsDev"}]},
    "Itself": {"Condition": "Itself"},
    "Unknown": {"Fn::Contains": [["a"], "a"]},
}

TEMPLATE = """
Parameters: {DefaultMap: {Type: String, Default: VALUE}}
Conditions: {HasDefaultMap: !Equals [!Ref DefaultMap, enabled]}
Resources:
  Source:
    Type: Custom::WebhookSource
    Properties:
      Name: github
      Delivery: !If [HasDefaultMap, !Ref AWS::NoValue, queued]
      Routes: !If
        - HasDefaultMap
        - - Flow: events
            Map: {eventType: event_type}
          - !If [HasDefaultMap, !Ref AWS::NoValue, {Flow: other}]
        - !Ref AWS::NoValue
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        *[("IsDev", True), ("IsProd", False), ("HasNumber", False), ("Both", False)],
        *[("Either", True), ("Itself", False), ("Unknown", False), ("Missing", False)],
        ({"Fn::Equals": [{"Ref": "Empty"}, ""]}, True),
    ],
)
def test_conditions_are_evaluated_for_the_parameters(condition: Any, expected: bool) -> None:  # noqa: FBT001
    def text_of(node: Any) -> str:
        match node:
            case {"Ref": str(name)}:
                return str(PARAMETERS[name])
        return str(node)

    assert holds(condition, CONDITIONS, text_of) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("enabled", {"Routes": [{"Flow": "events", "Map": {"eventType": "event_type"}}]}),
        ("disabled", {"Delivery": "queued"}),
    ],
)
def test_if_is_resolved_by_the_defaults(
    tmp_path: Path, value: str, expected: dict[str, Any]
) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE.replace("VALUE", value))

    properties = read_source(file, "github").properties
    assert properties == {"Name": "github", **expected}
