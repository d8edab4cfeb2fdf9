"""Tests of the resources of a template, with functions resolved."""

from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.errors import ResourceError

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: dev}
  DatasetId:
    Type: String
    AllowedPattern: "[0-9a-f]{24}"
    ConstraintDescription: must be a dataset id, 24 lower-case hex digits
  Seconds: {Type: Number, Default: 5, MinValue: 0, MaxValue: 3600}
  Methods: {Type: CommaDelimitedList, Default: "POST, PUT"}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Mappings:
  Days: {prod: {kept: 30}, dev: {kept: 0}}
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Shop:
    Type: Custom::WebhookSource
    DependsOn: Topic
    Properties:
      ServiceToken: {Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"}
      ServiceTimeout: 900
      Name: !Join ["-", [shop, !Ref Stage]]
      Provider: shopify
      Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/${Name}"]
      Connection: !GetAtt Orders.Name
      KeepBodies: !FindInMap [Days, !Ref Stage, kept]
      Delivery: !If [IsProd, queued, !Ref AWS::NoValue]
      AllowedMethods: !Ref Methods
      PublicUrl: !Sub ["https://${Host}/x", {Host: !Select [1, !Split ["/", "a/b"]]}]
  Orders:
    Type: Custom::StreamingConnection
    Properties:
      Name: orders
      Authenticated: true
      Flows: [{Name: events, DatasetId: !Ref DatasetId}]
  Other:
    Type: Custom::WebhookSource
    Condition: IsProd
    Properties: {Name: other, Connection: orders}
"""
DATASET = "5" * 24


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(TEMPLATE.replace("${Name}", "shop"))
    return path


def test_functions_are_resolved_and_scalars_are_texts(file: Path) -> None:
    """As CloudFormation sends them, with connections first; what it reads itself is left out."""
    connection, source = DeclaredResources(file, {"DatasetId": DATASET}).all()

    assert (connection.logical_id, connection.kind) == ("Orders", "connection")
    assert connection.properties == {
        "Name": "orders",
        "Authenticated": "true",
        "Flows": [{"Name": "events", "DatasetId": DATASET}],
    }
    assert source.properties == {
        "Name": "shop-dev",
        "Provider": "shopify",
        "Secrets": ["/inlet-bridge/dev/secrets/shop"],
        "Connection": "orders",
        "KeepBodies": "0",
        "AllowedMethods": ["POST", "PUT"],
        "PublicUrl": "https://b/x",
    }


def test_deployed_values_come_before_defaults_and_given_ones_first(file: Path) -> None:
    deployed = {"Stage": "prod", "DatasetId": "6" * 24}
    found = {
        each.name: each for each in DeclaredResources(file, {"DatasetId": DATASET}, deployed).all()
    }

    assert found["orders"].properties["Flows"][0]["DatasetId"] == DATASET
    assert found["shop-prod"].properties["Delivery"] == "queued"
    assert "other" in found


@pytest.mark.parametrize("name", ["Shop", "shop-dev"])
def test_resource_is_found_by_logical_id_and_by_name(file: Path, name: str) -> None:
    assert DeclaredResources(file).find(name).logical_id == "Shop"


def test_unknown_name_is_reported_with_the_existing_ones(file: Path) -> None:
    """A resource whose condition is false does not exist."""
    with pytest.raises(ResourceError, match="no connection or source x; there is orders, shop-dev"):
        DeclaredResources(file).find("x")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("", "", ":35: parameter DatasetId has no value"),
        (
            "!Ref DatasetId",
            "!Ref Datset",
            ":35: there is no parameter and no resource Datset; is it",
        ),
        ("!Ref DatasetId", "!GetAtt Ordrs.Name", ":35: there is no resource Ordrs; is it Orders?"),
        ("!Ref DatasetId", "!Sub '${Ordrs.Name}'", "there is no resource Ordrs; is it Orders?"),
        ("!Ref DatasetId", "!GetAtt Ordrs.Url", "there is no resource Ordrs"),
        ("!Ref DatasetId", "!GetAtt x.Name", "there is no resource x"),
        ("!Ref DatasetId", "!GetAtt Topic.TopicArn", "Topic.TopicArn is not known before"),
        ("!Ref DatasetId", "!ImportValue x", "Fn::ImportValue cannot be resolved before"),
        ("!Ref DatasetId", "!If [IsProd2, a, b]", "there is no condition IsProd2"),
        ("!Ref DatasetId", "!FindInMap [Days, x, kept]", "Mappings has no Days.x.kept"),
        ("!Ref DatasetId", "!Select [3, [a]]", "Fn::Select has no item 3"),
        ("Custom::WebhookSource", "Custom::WebhokSource", "is it Custom::WebhookSource"),
        ("    DependsOn: Topic", "    Propertis: {}", "cannot have Propertis; is it Properties?"),
    ],
)
def test_error_names_the_line_and_the_way_out(
    file: Path, before: str, after: str, reason: str
) -> None:
    file.write_text(file.read_text().replace(before, after, 1) if before else file.read_text())
    with pytest.raises(ResourceError) as caught:
        DeclaredResources(file).find("orders")

    assert str(caught.value).startswith(f"{file}:")
    assert reason in str(caught.value)


@pytest.mark.parametrize("function", ["!GetAtt Ordrs.Name", "!Ref Ordrs", "!Sub '${Ordrs.Name}'"])
def test_misspelled_connection_is_an_error_where_the_name_is_not_needed(
    file: Path, function: str
) -> None:
    file.write_text(file.read_text().replace("!GetAtt Orders.Name", function))
    declared = DeclaredResources(file, {"DatasetId": DATASET})

    with pytest.raises(ResourceError, match="no resource Ordrs; is it Orders"):
        declared.known(declared.source("shop-dev", frozenset({"Connection"})), "Connection")


def test_source_without_its_connection_is_read(tmp_path: Path) -> None:
    """As of a recipe: the template that it is for has the connection."""
    text = TEMPLATE[: TEMPLATE.index("  Orders:")]
    declared = DeclaredResources(tmp_path / "shop.yaml", text=text)

    source = declared.source("shop-dev", frozenset({"Connection", "Secrets"}))
    assert declared.known(source, "Connection") == ""


def test_value_is_not_quoted_where_its_name_is_wrong(file: Path) -> None:
    """The value is beside the point, and would follow the list of what else is wrong."""
    shop = DeclaredResources(file, {"DatasetId": DATASET}).find("Shop")
    reason = "Provider: the schema has no such field; is it x? Also wrong: y"

    assert str(shop.error("Provider", reason)).endswith("is it x? Also wrong: y")
    assert str(shop.error("Provider", "is wrong")).endswith("is wrong; it is read as shopify")


@pytest.mark.parametrize("name", ["Secrets", "HandshakeSecrets", "PathTokens"])
def test_value_is_not_quoted_where_it_may_be_a_secret(tmp_path: Path, name: str) -> None:
    text = TEMPLATE.replace("${Name}", "shop").replace("Secrets: [", "PublicUrls: [")
    text = text.replace("Provider: shopify", f"Provider: shopify\n      {name}: [CANARY]")
    shop = DeclaredResources(tmp_path / "shop.yaml", {"DatasetId": DATASET}, text=text).find("Shop")

    assert "CANARY" not in str(shop.error(f"{name}.0", "must be the name of a parameter"))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"Datasetid": "x"}, "has no parameter Datasetid"),
        ({"DatasetId": "x"}, "--parameter DatasetId: must be a dataset id"),
        ({"Seconds": "soon"}, "--parameter Seconds: must be a number$"),
        ({"Seconds": "-1"}, "--parameter Seconds: must be at least 0$"),
        ({"Seconds": "3601"}, "--parameter Seconds: must be at most 3600$"),
    ],
)
def test_given_parameters_are_checked(file: Path, given: dict[str, str], reason: str) -> None:
    with pytest.raises(ResourceError, match=reason):
        DeclaredResources(file, given)


@pytest.mark.parametrize("text", ["- 1", "a: 1", "", "Resources: 1", "\x00"])
def test_another_file_is_rejected(tmp_path: Path, text: str) -> None:
    path: Any = tmp_path / "x.yaml"
    path.write_text(text)

    with pytest.raises(ResourceError):
        DeclaredResources(path)


@pytest.mark.parametrize("given", ["1.5", "true", "[a]", "a"])
def test_parameters_that_are_no_object_are_none(tmp_path: Path, given: str) -> None:
    text = f"Parameters: {given}\nResources: {{}}\n"

    assert DeclaredResources(tmp_path / "shop.yaml", text=text).parameters == ()
