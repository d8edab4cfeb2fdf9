"""Properties in the column of resources or of sections are named, with the way out."""

from pathlib import Path

import pytest

from bridge.provisioning.connections.properties import ConnectionProperties
from bridge.provisioning.property_parsing import CLOUDFORMATION_PROPERTIES, names_of
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.route_properties import RouteProperties, RouteTargetProperties
from inlet_bridge.template_reading.property_names import OF_RESOURCES, OF_ROUTES
from tests.support.refused_files import assert_refused

TEMPLATE = """\
Resources:
  Source:
    Type: Custom::WebhookSource
    Properties:
      Name: shop
      Provider: github
      Connection: orders
      Routes:
        - When: event_type
          Flow: events
          Map: {a: body.b}
          Identity: {Email: body.c}
      Otherwise: drop
  Connection:
    Type: Custom::StreamingConnection
    Properties:
      Name: orders
      Flows: [{Name: events}]
"""
OTHERWISE = "      Otherwise: drop\n"
PROPERTIES = "    Properties:\n      Name: shop"
IDENTITY = "          Identity: {Email: body.c}\n"
SIX = "Indent it with 6 spaces"
TEN = "Indent it with 10 spaces"
CASES = [
    (OTHERWISE, "  Otherwise: drop\n", 13, "Otherwise is a property of resource Source", SIX),
    (OTHERWISE, "  Otherwize: drop\n", 13, "which resembles Otherwise, is a property", SIX),
    (OTHERWISE, "Otherwise: drop\n", 13, "Otherwise is a property", SIX),
    (OTHERWISE, "  Privacy: {Drop: [a]}\n", 13, "Privacy is a property of resource Source", SIX),
    ("      Routes:", "  Routes:", 8, "Routes is a property, and is indented with 2", SIX),
    (IDENTITY, "  Identity: {Email: body.c}\n", 12, "Identity is a property, and is", TEN),
    (f"{IDENTITY}{OTHERWISE}", "  Identity: {Email: body.c}\n", 12, "Identity is a prop", TEN),
    (PROPERTIES, "      Name: shop", 4, "Properties: is missing above it", "above it with 4 spa"),
    (
        PROPERTIES,
        "    DependsOn: Connection\n      Name: shop",
        5,
        "Properties: is missing above it",
        "above it with 4 spaces, as Type in line 3",
    ),
    ("        - When", "        -When", 9, "there is no space after its dash", "Write - When: ev"),
    (
        "        - When: event_type\n          Flow: events\n          Map: {a: body.b}\n"
        + IDENTITY,
        "        -Flow: events\n",
        9,
        "no space after the dash of -Flow",
        "Write - Flow: with a space",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda each: each[1])
def test_cause_and_way_out_are_named(tmp_path: Path, case: tuple[str, str, int, str, str]) -> None:
    assert_refused(tmp_path, TEMPLATE, case)


def test_names_are_those_of_the_models() -> None:
    of_resources = names_of(SourceProperties) | names_of(ConnectionProperties)

    assert of_resources | CLOUDFORMATION_PROPERTIES == OF_RESOURCES
    assert names_of(RouteProperties) | names_of(RouteTargetProperties) == OF_ROUTES
