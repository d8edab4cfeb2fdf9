"""Runs of `inlet map` on a template."""

from typing import Any

from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from tests.support.sam_template import ROOT

SHOPIFY = ROOT / "events" / "mapping" / "shopify-order.json"
TEMPLATE = """Parameters:
  Stage: {Type: String, Default: dev}
  SourceName: {Type: String, Default: shop}
Resources:
  Connection:
    Type: Custom::StreamingConnection
    Properties:
      Name: orders
      Flows: [{Name: events, DatasetId: !Ref Dataset, SchemaId: x}, {Name: people}]
  Source:
    Type: Custom::WebhookSource
    Properties:
      ServiceToken: !GetAtt ProvisionerFunction.Arn
      Name: !Ref SourceName
      Provider: shopify
      Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/shop"]
      Connection: !GetAtt Connection.Name
      Routes:
        - {When: "event_type == 'orders/create'", Flow: events, Map: {a: MAPPED}}
      Otherwise: drop
"""


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["map", *map(str, arguments)])
