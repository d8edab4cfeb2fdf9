"""Tests of the folders of code in a SAM template."""

import pytest

from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.template_code import code_of, with_addresses
from inlet_bridge.local.workspace import TEMPLATE

SMALL = """\
Resources:
  Layer:  # A comment stays.
    Type: AWS::Serverless::LayerVersion
    Properties:
      ContentUri: "layers/one"
  Function:
    Type: AWS::Serverless::Function
    Metadata:
      BuildProperties: {ParentPackages: functions.receiver}
    Properties: {CodeUri: functions/receiver, Role: !GetAtt Role.Arn}
  Uploaded:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: s3://bucket/key}
  Queue:
    Type: AWS::SQS::Queue
"""


def test_folders_are_those_of_functions_and_layers() -> None:
    found = [(each.logical_id, each.is_layer, each.folder, each.package) for each in code_of(SMALL)]

    assert found == [
        ("Layer", True, "layers/one", ""),
        ("Function", False, "functions/receiver", "functions.receiver"),
    ]


def test_addresses_replace_the_folders_and_nothing_else() -> None:
    replaced = with_addresses(SMALL, lambda code: f"s3://b/{code.logical_id}.zip")

    assert "ContentUri: s3://b/Layer.zip\n" in replaced
    assert "{CodeUri: s3://b/Function.zip, Role: !GetAtt Role.Arn}" in replaced
    assert "# A comment stays." in replaced
    assert code_of(replaced) == ()


def test_every_folder_of_the_template_exists() -> None:
    codes = code_of(TEMPLATE.read_text(encoding="utf-8"))

    assert len([code for code in codes if code.is_layer]) == 2
    assert all((TEMPLATE.parent / code.folder).is_dir() for code in codes)


@pytest.mark.parametrize("text", ["", "a", "[1]", "Resources: 1", "Resources: {A: {Type: [1]}}"])
def test_other_documents_have_no_code(text: str) -> None:
    assert code_of(text) == ()


def test_text_that_is_not_yaml_is_an_error() -> None:
    with pytest.raises(LocalCloudError, match="is not YAML"):
        code_of("a: [")
