"""What CloudFormation refuses before it creates anything is refused with its line."""

from pathlib import Path

import pytest

from inlet_bridge.mapping.edit_check import check_edit
from inlet_bridge.template_reading.errors import ResourceError
from tests.support.refused_files import assert_refused

TEMPLATE = """\
Conditions:
  HasShop: !Equals [a, a]
Resources:
  Orders:
    Type: Custom::StreamingConnection
    Properties:
      ServiceToken: !ImportValue token
      Name: orders
      Flows:
        - Name: events
          DatasetId: 5e8ad5bd5e8ad5bd5e8ad5bd
          SchemaId: https://ns.adobe.com/acme/schemas/abc
  Source:
    Type: Custom::WebhookSource
    Condition: HasShop
    DependsOn: Orders
    Properties:
      ServiceToken: {Fn::ImportValue: token}
      ServiceTimeout: 900
      Name: shop
      Provider: github
      Secrets: [/inlet-bridge/dev/secrets/shop]
      Connection: {Fn::GetAtt: Orders.Name}
      Routes: [{Flow: events, Map: {a: body.b}}]
Outputs:
  Url: {Condition: HasShop, Value: !GetAtt Source.Url}
"""
TOKEN = "      ServiceToken: {Fn::ImportValue: token}\n"
SECONDS = "ServiceTimeout: must be a whole number of seconds from 1 to 3600"
CASES = [
    ("DependsOn: Orders", "DependsOn: Order", 16, "no resource Order; is it Orders?", "Orders."),
    ("DependsOn: Orders", "DependsOn: [Orders, Sorce]", 16, "Sorce; is it Source?", "Source."),
    ("DependsOn: Orders", "DependsOn: Topic", 16, "there is no resource Topic", "Resources."),
    ("DependsOn: Orders", "DependsOn: !Ref Orders", 16, "must be a logical ID", "a function"),
    (
        "    Condition: HasShop",
        "    Condition: HasShp",
        15,
        "Condition: there is no condition HasShp; is it HasShop?",
        "Write HasShop.",
    ),
    ("{Condition: HasShop", "{Condition: HasShp", 26, "HasShp; is it HasShop?", "HasShop."),
    ("Source.Url}", "Source.Ur}", 26, "Outputs.Url: Source has no attribute Ur; is it Url?", ""),
    ("Source.Url}", "Sorce.Url}", 26, "there is no resource Sorce; is it Source?", ""),
    (
        "Url: {Condition: HasShop, Value: !GetAtt Source.Url}",
        "Url: !GetAtt Source.Url",
        26,
        "Outputs: Url must be an object with a Value",
        "Write Url: {Value: …}.",
    ),
    (
        "Outputs:\n  Url: {Condition: HasShop, Value: !GetAtt Source.Url}",
        "Outputs: none",
        25,
        "Outputs: must be an object",
        "Write Outputs as NAME: {Value: …}.",
    ),
    ("  Source:", "  shop_source:", 13, "logical ID shop_source must have only", "ShopSource"),
    ("  Source:", "  Shop-Source:", 13, "logical ID Shop-Source must have only", "ShopSource"),
    ("  Source:", "  Lädchen:", 13, "logical ID Lädchen must have only", "Choose another."),
    *(
        ("ServiceTimeout: 900", f"ServiceTimeout: {value}", 19, SECONDS, "or leave it out.")
        for value in ("9000", "0", "-1", "1.5", "15m", "[900]", "{a: b}")
    ),
    (
        TOKEN,
        "",
        13,
        "Source has no ServiceToken",
        'Write ServiceToken: {Fn::ImportValue: !Sub "inl',
    ),
    (TOKEN, TOKEN.replace("Token", "Tokn"), 18, "is ServiceTokn meant", "Write ServiceToken: {Fn"),
    (TOKEN, '      ServiceToken: ""\n', 18, "ServiceToken: is empty", "Write ServiceToken: {Fn"),
    (TOKEN, "      ServiceToken: {a: b}\n", 18, "ServiceToken: must be a text", "Write Service"),
    ("Name: shop", "Name: {a: b}", 20, "Name: must be a text", ""),
    ("Connection: {Fn::GetAtt: Orders.Name}", "Connection: [a]", 23, "must be a text", ""),
    ("Provider: github", "Provider: {a: b}", 21, "Provider: must be a text", ""),
    *(
        (
            TOKEN,
            TOKEN.replace("Fn::ImportValue", wrong),
            18,
            f"ServiceToken: there is no {wrong}; is it Fn::ImportValue?",
            "Write Fn::ImportValue.",
        )
        for wrong in ("Fn::ImportVlue", "Fn:ImportValue", "fn::importValue")
    ),
    (
        "{Fn::GetAtt: O",
        "{Fn::GetAt: O",
        23,
        "Connection: there is no Fn::GetAt; is it",
        "Fn::GetAtt.",
    ),
    ("Name: shop", "Name: {Fn::Jion: ['', [shop]]}", 20, "no Fn::Jion; is it Fn::Join?", "Join."),
    ("[/inlet", "[{Fn::Sb: a}, /inlet", 22, "Secrets.0: there is no Fn::Sb; is it", "Fn::Sub."),
    ("!Equals [a, a]", "{Fn::Equal: [a, a]}", 2, "there is no Fn::Equal; is it", "Fn::Equals."),
    (
        "!Equals [a, a]",
        "!Equals [!Ref Stge, a]",
        2,
        "there is no parameter and no resource Stge",
        "",
    ),
    ("!Equals [a, a]", "!Equals [!If [HasShop, a, b], a]", 2, "HasShop refers to itself", ""),
    ("Name: shop", "Name: !GetAtt Source.Name", 20, "Name of Source refers to itself", ""),
    *(
        (TOKEN, f"      ServiceToken: {value}\n", 18, "ServiceToken: has ${ }, which is", "!Sub")
        for value in ('!ImportValue "a-${Stage}-b"', '{Fn::ImportValue: "a-${Stage}-b"}')
    ),
    ("Source.Url}", "Order.Url}", 26, "Outputs.Url: there is no resource Order", ""),
    (TOKEN, TOKEN.replace("ImportValue", "Xy"), 18, "there is no Fn::Xy, a function of Cloud", ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda each: f"{each[1]}".strip())
def test_line_and_the_way_out_are_named(
    tmp_path: Path, case: tuple[str, str, int, str, str]
) -> None:
    assert_refused(tmp_path, TEMPLATE, case)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("ServiceTimeout: 900", "ServiceTimeout: '3600'"),
        ("ServiceTimeout: 900", "ServiceTimeout: !ImportValue seconds"),
        (TOKEN, "      ServiceToken: arn:aws:sns:us-east-1:123456789012:bridge\n"),
        ("DependsOn: Orders", "DependsOn: [Orders]"),
        ("!Equals [a, a]", "!Equals [!Ref AWS::Region, a]"),
        ("Resources:", "Transform: AWS::LanguageExtensions\nResources:"),
        (
            "Conditions:",
            "Rules: {A: {Assertions: [{Assert: {Fn::Contains: [[a], a]}}]}}\nConditions:",
        ),
    ],
)
def test_valid_template_is_accepted(old: str, new: str) -> None:
    check_edit(Path("sources.yaml"), TEMPLATE.replace(old, new, 1), {})


QUEUE = "  Queue:\n    Type: AWS::SQS::Queue\n    Properties: {Name: a}\nOutputs:"


@pytest.mark.parametrize(
    "properties",
    [
        "{-x: 1}",
        "{-1: a}",
        "{A: [{-1: b}]}",
        "{A: {Fn::GetStackOutput: {StackName: a, OutputName: b}}}",
        "{A: !GetStackOutput {StackName: a, OutputName: b}}",
        "{A: {Fn::Xyzzy: a}}",
        "{A: !Xyzzy [a]}",
        "{A: !Xyzzy {b: c}}",
    ],
)
def test_resources_of_other_services_are_left_to_cloudformation(properties: str) -> None:
    text = TEMPLATE.replace("Outputs:", QUEUE.replace("{Name: a}", properties))
    check_edit(Path("sources.yaml"), text, {})


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ("{A: !GetAt a.b}", "has no function !GetAt; is it !GetAtt"),
        ("{A: {Fn::ImportVlue: a}}", "there is no Fn::ImportVlue; is it Fn::ImportValue"),
    ],
)
def test_misspelled_functions_are_named_in_all_resources(properties: str, reason: str) -> None:
    text = TEMPLATE.replace("Outputs:", QUEUE.replace("{Name: a}", properties))
    with pytest.raises(ResourceError, match=reason):
        check_edit(Path("sources.yaml"), text, {})


@pytest.mark.parametrize("function", ["!GetStackOutput", "Fn::GetStackOutput:"])
def test_output_of_another_stack_is_a_function(function: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html."""
    inner = f"{function} {{StackName: a, OutputName: b}}"
    value = inner if function.startswith("!") else f"{{{inner}}}"
    text = TEMPLATE.replace("{Fn::ImportValue: token}", value)
    check_edit(Path("sources.yaml"), text, {})


def test_connection_without_a_service_token_cannot_be_deployed() -> None:
    text = TEMPLATE.replace("      ServiceToken: !ImportValue token\n", "")
    with pytest.raises(ResourceError, match=r":4: Orders has no ServiceToken"):
        check_edit(Path("sources.yaml"), text, {})


def test_expanded_resource_can_be_a_dependency() -> None:
    text = TEMPLATE.replace("DependsOn: Orders", "DependsOn: MadeA")
    each = "  Fn::ForEach::All: [a, [b], {'Made${a}': {Type: AWS::SNS::Topic}}]\nOutputs:"
    check_edit(Path("sources.yaml"), text.replace("Outputs:", each), {})


def test_included_resources_are_left_to_cloudformation() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html."""
    text = TEMPLATE.replace("DependsOn: Orders", "DependsOn: Included")
    include = "  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/a}}\nOutputs:"
    check_edit(Path("sources.yaml"), text.replace("Outputs:", include), {})


def test_template_for_a_preview_needs_no_service_token() -> None:
    text = TEMPLATE.replace(TOKEN, "").replace("      ServiceToken: !ImportValue token\n", "")
    check_edit(Path("sources.yaml"), text, {})


def test_properties_that_a_function_gives_are_refused() -> None:
    text = TEMPLATE.partition("    Properties:")[0] + "    Properties: !Sub a\n"
    with pytest.raises(ResourceError, match="Name: is required"):
        check_edit(Path("sources.yaml"), text, {})


def test_only_a_resource_with_the_attribute_is_proposed(tmp_path: Path) -> None:
    text = TEMPLATE.replace("  Source:", "  OrdersSource:").replace("Source.Url", "Orders2.Url")
    with pytest.raises(ResourceError, match=r"there is no resource Orders2; is it OrdersSource\?"):
        check_edit(tmp_path / "sources.yaml", text, {})


def test_export_whose_name_is_substituted_is_accepted(tmp_path: Path) -> None:
    text = TEMPLATE.replace(
        TOKEN, '      ServiceToken: {Fn::ImportValue: !Sub "a-${AWS::Region}"}\n'
    )
    check_edit(tmp_path / "sources.yaml", text, {})
