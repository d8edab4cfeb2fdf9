"""What `inlet map` says of properties, names and references that are written in another place."""

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
      Secrets: [/inlet-bridge/dev/secrets/shop]
      Connection: !GetAtt Orders.Name
      Routes:
        - When: event_type
          Flow: events
          Map:
            eventType: "'a'"
            web: {webPageDetails: {name: body.name}}
          Identity:
            Email: body.email
      Otherwise: drop
"""
EMAIL = "            Email: body.email\n"
IDENTITY = "          Identity:\n            Email: body.email\n"
UNDER_MAP = "            Identity:\n              Email: body.email\n"
MAP = """{webPageDetails: {name: body.name}}"""
FLOWS = "to which no function refers"
ALONE = "must be the name of the flow alone, events"
CASES = [
    (IDENTITY, UNDER_MAP, 24, "no field of the message; indent it as Map is", ""),
    (EMAIL, f"{EMAIL}            Primary: Email\n", 25, "indent it as Identity is", ""),
    (
        "            web:",
        "            Primary: Email\n            web:",
        22,
        "property of the route",
        "",
    ),
    ("            web:", "            Otherwise: drop\n            web:", 22, "as Routes is", ""),
    ("      Otherwise:", "          Otherwise:", 25, "property here; indent it as Routes is", ""),
    (
        "      Otherwise:",
        "      When: a\n      Otherwise:",
        25,
        "belongs in an entry of Routes",
        "",
    ),
    (
        "      Otherwise:",
        "      Map: {}\n      Otherwise:",
        25,
        "belongs in an entry of Routes",
        "",
    ),
    ("      Name: orders", "      Name: orders\n      SchemaId: a", 6, "an entry of Flows", ""),
    (MAP, "{name:body.x}", 22, "no space after the colon in name:body.x", "Write name: body.x"),
    (MAP, "{a: body.a, b:body.b}", 22, "after the colon in b:body.b", "Write b: body.b"),
    (MAP, '{a:"body.a"}', 22, "no space after the colon in a:", 'Write a: "body.a"'),
    (MAP, "{a: join(a, b:c)}", 22, "since a comma ends a value", "Put the whole expression in"),
    ("Flow: events", "Flow: orders/events", 19, ALONE, ""),
    ("Flow: events", "Flow: orders.events", 19, ALONE, ""),
    ("Flow: events", "Flow: Orders/events", 19, ALONE, ""),
    ("Flow: events", "Flow: !Ref events", 19, FLOWS, "such as Flow: events."),
    ("Flow: events", "Flow: !GetAtt Orders.events", 19, FLOWS, "such as Flow: events."),
    ("Flow: events", "Flow: !Ref Orders", 19, FLOWS, "such as Flow: events."),
    ("Flow: events", "Flow: !Sub '${Orders}'", 19, FLOWS, "such as Flow: events."),
    ("Otherwise: drop", "Otherwise: !Ref events", 25, FLOWS, "such as Otherwise: events."),
    ("!GetAtt Orders.Name", "orders/events", 16, "name of the connection alone, orders", ""),
    ("!GetAtt Orders.Name", "Orders.Name", 16, "write !GetAtt Orders.Name", ""),
    ("!GetAtt Orders.Name", "Orders", 16, "write !GetAtt Orders.Name", ""),
    ("!GetAtt", "!GetAt", 16, "has no function !GetAt; is it !GetAtt?", "Write !GetAtt"),
    ("!GetAtt", "!getatt", 16, "has no function !getatt; is it !GetAtt?", "Write !GetAtt"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda each: each[1].strip())
def test_place_and_way_out_are_named(tmp_path: Path, case: tuple[str, str, int, str, str]) -> None:
    output = assert_refused(tmp_path, TEMPLATE, case, sample='{"name": "a", "email": "b"}')
    assert "identityMap" not in output


def test_template_is_valid(tmp_path: Path) -> None:
    check_edit(tmp_path / "sources.yaml", TEMPLATE, {})
