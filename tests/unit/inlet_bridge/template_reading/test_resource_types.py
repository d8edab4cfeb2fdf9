"""A resource without a type, or with a misspelled one, is refused with the likely word."""

from pathlib import Path

import pytest

from inlet_bridge.mapping.edit_check import check_edit
from tests.support.refused_files import assert_refused

TEMPLATE = """\
Resources:
  Orders:
    Type: Custom::StreamingConnection
    Properties:
      Name: orders
      Flows:
        - Name: events
          DatasetId: 5e8ad5bd5e8ad5bd5e8ad5bd
          SchemaId: https://ns.adobe.com/acme/schemas/abc
  Source:
    Type: Custom::WebhookSource
    Properties:
      Name: shop
      Provider: github
      Connection: orders
      Routes: [{Flow: events, Map: {a: body.b}}]
"""
SOURCE = "    Type: Custom::WebhookSource\n"
CONNECTION = "    Type: Custom::StreamingConnection\n"
CASES = [
    (SOURCE, "", 11, "Source has no Type", "Write Type: Custom::WebhookSource."),
    (CONNECTION, "", 3, "Orders has no Type", "Write Type: Custom::StreamingConnection."),
    (SOURCE, SOURCE.replace("Type", "Typ"), 11, "no Type; is Typ meant", "Type: Custom::Webhook"),
    (SOURCE, SOURCE.replace("Type", "type"), 11, "no Type; is type meant", "Type: Custom::Webhook"),
    (CONNECTION, CONNECTION.replace("Type", "Tpye"), 3, "is Tpye meant", "Custom::StreamingConn"),
    (SOURCE, "    Type: [a]\n", 11, "Type of resource Source must be a text", "Custom::Webhook"),
    (
        SOURCE,
        SOURCE.replace("::", ":"),
        11,
        "no type Custom:WebhookSource; is it",
        "Custom::Webhook",
    ),
    (SOURCE, SOURCE.replace("Custom::", ""), 11, "no type WebhookSource; is it", "Custom::Webhook"),
    (SOURCE, SOURCE.replace("Source", ""), 11, "no type Custom::Webhook; is it", "Custom::Webhook"),
    ("  Orders:", "  Other: text\n  Orders:", 2, "Other must be an object", "Type and Properties"),
    (
        "  Orders:",
        "  Other: {Typ: AWS::SQS::Queue}\n  Orders:",
        2,
        "no Type; is Typ",
        "AWS::SQS::Q",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda each: each[1])
def test_type_and_the_way_out_are_named(
    tmp_path: Path, case: tuple[str, str, int, str, str]
) -> None:
    assert_refused(tmp_path, TEMPLATE, case)


def test_other_resources_are_left_to_cloudformation() -> None:
    others = "  Fn::ForEach::All: [a, [b], {}]\n  Mine: {Type: Custom::Certificate}\n  Orders:"
    check_edit(Path("sources.yaml"), TEMPLATE.replace("  Orders:", others), {})
