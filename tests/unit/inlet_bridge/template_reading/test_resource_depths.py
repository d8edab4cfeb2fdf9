"""Tests of resources, and of their attributes, that are not indented enough."""

from pathlib import Path

import pytest

from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.errors import ResourceError

TEMPLATE = """\
Parameters:
  Stage: {Type: String}
Resources:
  Orders:
    Type: Custom::StreamingConnection
    Properties:
      Name: orders
  Shop:
    Type: Custom::WebhookSource
    Properties:
      Name: shop
  Other:
    Type: AWS::SNS::Topic
Outputs:
  Name: {Value: a}
"""
SHOP = TEMPLATE[TEMPLATE.index("  Shop") : TEMPLATE.index("  Other")]


def error(text: str) -> ResourceError:
    with pytest.raises(ResourceError) as caught:
        DeclaredResources(Path("sources.yaml"), text=text)
    return caught.value


def test_template_is_read() -> None:
    assert [*DeclaredResources(Path("sources.yaml"), text=TEMPLATE).kinds] == ["Orders", "Shop"]


@pytest.mark.parametrize(
    ("old", "new", "reason", "way"),
    [
        (
            "    Properties:\n      Name: shop",
            "  Properties:\n    Name: shop",
            ":10: Properties of resource Shop is indented with 2 spaces",
            "Indent it with 4 spaces",
        ),
        (
            "    Properties:\n      Name: shop\n",
            "  Properties:\n      Name: shop\n",
            ":10: Properties of resource Shop is indented with 2 spaces",
            "Indent it with 4 spaces",
        ),
        (
            TEMPLATE[TEMPLATE.index("    Properties:\n      Name: shop") :],
            "Properties:\n  Name: shop\n",
            ":10: Properties of resource Shop is indented with 0 spaces",
            "Indent it with 4 spaces",
        ),
        (
            TEMPLATE[TEMPLATE.index("  Shop") : TEMPLATE.index("Outputs")],
            SHOP.removeprefix("  "),
            ":8: resource Shop is indented with 0 spaces",
            "Indent it with 2 spaces",
        ),
        (
            TEMPLATE[TEMPLATE.index("Resources") : TEMPLATE.index("Outputs")],
            f"Resources: {{}}\n{SHOP.removeprefix('  ')}",
            ":4: resource Shop is indented with 0 spaces",
            "Indent it with 2 spaces",
        ),
        (
            SHOP,
            SHOP.removeprefix("  "),
            ":8: it is indented with 0 spaces, and what is above and below it with 2, in: Shop:",
            "Indent it with 2 spaces, as Orders in line 4",
        ),
    ],
)
def test_line_and_column_are_named(old: str, new: str, reason: str, way: str) -> None:
    assert old in TEMPLATE
    found = error(TEMPLATE.replace(old, new, 1))

    assert f"sources.yaml{reason}" in str(found)
    assert way in found.hint


def test_resource_may_have_the_name_of_an_attribute() -> None:
    text = TEMPLATE.replace("  Shop:", "  Properties:")

    assert [*DeclaredResources(Path("sources.yaml"), text=text).kinds] == ["Orders", "Properties"]
