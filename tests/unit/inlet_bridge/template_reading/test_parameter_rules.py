"""Parameters that CloudFormation refuses are refused with their line."""

from pathlib import Path

import pytest

from inlet_bridge.local.workspace import SOURCES_FILE
from inlet_bridge.mapping.edit_check import check_edit
from inlet_bridge.template_reading.errors import ResourceError

TEMPLATE = """\
AWSTemplateFormatVersion: VERSION
Parameters:
  Given:
    PARAMETER
Resources:
  Topic: {Type: AWS::SNS::Topic}
"""
DAYS = "{Type: Number, MinValue: 0, MaxValue: 90, Default: "
ID = '{Type: String, AllowedPattern: "[0-9a-f]{24}", Default: '


def check(parameter: str, version: str = '"2010-09-09"') -> None:
    text = TEMPLATE.replace("PARAMETER", parameter).replace("VERSION", version)
    check_edit(Path("sources.yaml"), text, {"Given": "1"})


@pytest.mark.parametrize(
    ("parameter", "reason"),
    [
        (f"{DAYS}7d}}", "Parameters.Given.Default: must be a number; it is read as 7d"),
        (f"{DAYS}365}}", "Parameters.Given.Default: must be at most 90; it is read as 365"),
        (f"{DAYS}-1}}", "Parameters.Given.Default: must be at least 0"),
        (f"{ID}my-dataset}}", "Parameters.Given.Default: must match [0-9a-f]{24}"),
        ("{Type: String, AllowedValues: [a, b], Default: c}", "Default: must be one of a, b"),
        ("{Type: Integer}", "Parameters.Given.Type: there is no type Integer; is it Number?"),
        ("{Type: Boolean}", "there is no type Boolean; is it String?"),
        ("{Type: string}", "there is no type string; is it String?"),
        ("{Type: List<String>}", "no type List<String>; is it CommaDelimitedList?"),
        ("{Type: Dataset}", "there is no type Dataset"),
        ("{Default: a}", "Parameters.Given: must have a Type"),
    ],
)
def test_parameter_is_refused(parameter: str, reason: str) -> None:
    with pytest.raises(ResourceError) as caught:
        check(parameter)
    assert str(caught.value).startswith("sources.yaml:4: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "parameter",
    [
        f"{DAYS}7}}",
        f"{ID}65f0c1a2b3d4e5f60718293a}}",
        '{Type: String, AllowedPattern: "(?<=", Default: a}',
        '{Type: String, Default: ""}',
        "{Type: List<Number>, MaxValue: 3, Default: '1,2'}",
        "{Type: CommaDelimitedList, AllowedValues: [a, b], Default: 'a,b'}",
        "{Type: AWS::EC2::VPC::Id}",
        "{Type: List<AWS::EC2::Subnet::Id>}",
        '{Type: "AWS::SSM::Parameter::Value<Number>", MaxValue: 3, Default: /a/b}',
    ],
)
def test_parameter_is_accepted(parameter: str) -> None:
    check(parameter)


def test_version_is_the_only_one() -> None:
    check("{Type: String}", "2010-09-09")
    with pytest.raises(ResourceError, match=r"^sources.yaml:1: .* must be 2010-09-09"):
        check("{Type: String}", '"2020-01-01"')


def test_parameters_as_delivered_are_valid() -> None:
    values = {"DatasetId": "a" * 24, "SchemaId": "https://ns.adobe.com/a/schemas/b"}
    check_edit(SOURCES_FILE, SOURCES_FILE.read_text(), values)
