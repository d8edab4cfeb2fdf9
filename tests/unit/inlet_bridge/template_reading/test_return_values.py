"""Tests of what the properties of a file can refer to."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from bridge.provisioning.attributes import connection_attributes, source_attributes
from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.return_values import ATTRIBUTES

TEMPLATE = """\
Resources:
  Orders:
    Type: Custom::StreamingConnection
    Properties:
      Name: orders
  Shop:
    Type: Custom::WebhookSource
    Properties:
      Name: shop
      Connection: CONNECTION
"""


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("!GetAtt Orders.Nmae", "Orders has no attribute Nmae; is it Name?"),
        ("!GetAtt Orders.name", "Orders has no attribute name; is it Name?"),
        ("!GetAtt Orders.Arn", "Orders has no attribute Arn; there is Name, InletUrl, InletId,"),
        ("!Ref Orders", "!Ref Orders is the physical ID of Orders; write !GetAtt Orders.Name"),
    ],
)
def test_reference_without_a_value_is_an_error(reference: str, reason: str) -> None:
    text = TEMPLATE.replace("CONNECTION", reference)
    declared = DeclaredResources(Path("sources.yaml"), text=text)

    for lenient in (False, True):
        with pytest.raises(ResourceError) as caught:
            declared.resource("Shop", lenient=lenient)
        assert f"sources.yaml:10: {reason}" in str(caught.value)


def test_value_that_a_deployment_gives_may_be_unknown() -> None:
    text = TEMPLATE.replace("CONNECTION", "!GetAtt Orders.FlowId")
    declared = DeclaredResources(Path("sources.yaml"), text=text)

    assert declared.resource("Shop", lenient=True).properties["Connection"] == ""


def test_attributes_are_those_that_the_provisioner_returns() -> None:
    applied: Any = MagicMock()
    source: Any = SimpleNamespace(name="shop", public_url="")

    assert {
        "Custom::StreamingConnection": tuple(connection_attributes(applied)),
        "Custom::WebhookSource": tuple(source_attributes(source, "https://x")),
    } == ATTRIBUTES
