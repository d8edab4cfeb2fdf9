"""Runs of `inlet map` on a source of Linear, of which one text is replaced by another."""

import json
from pathlib import Path

from inlet_bridge.recipes.recipe import recipe_of
from tests.support.map_runs import run

TEMPLATE = """Parameters:
  Stage: {Type: String, Default: dev}
  Days: {Type: Number, Default: 30}
Resources:
  Connection:
    Type: Custom::StreamingConnection
    Properties: {Name: webhooks, Flows: [{Name: events}]}
  LinearSource:
    Type: Custom::WebhookSource
    Properties:
      Name: linear
      Provider: linear
      Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/linear"]
      Connection: !GetAtt Connection.Name
      Routes:
        - When: "event_type == 'Issue+create'"
          Flow: events
          Map:
            eventType: "'linear.issueCreated'"
            producedBy: "'system'"
            web: {webPageDetails: {name: body.data.title, URL: body.url}}
            _emulated: {action: body.data.state.name, number: body.data.priority}
          Identity: {Email: lower(body.data.assignee.email)}
      Otherwise: drop
"""
ISSUE = {
    "action": "create",
    "type": "Issue",
    "createdAt": "2026-03-14T09:20:04.000Z",
    "url": "https://linear.app/acme/issue/SHOP-123",
    "data": {
        "identifier": "SHOP-123",
        "title": "The checkout fails",
        "assignee": {"name": "Grace", "email": "Grace@Example.com"},
        "priority": 2,
        "priorityLabel": "High",
        "state": {"name": "In Progress"},
        "labels": [{"name": "bug"}],
    },
    "webhookTimestamp": 1773480004000,
}

assert recipe_of("linear") is None, "its expressions would be optional"


def output(folder: Path, old: str, new: str, *options: str) -> str:
    """What the command prints, in one line.

    Args:
        folder: an empty one.
        old: a text of the template.
        new: what replaces it.
        options: of the command.
    """
    assert TEMPLATE.count(old) == 1
    template, sample = folder / "sources.yaml", folder / "issue.json"
    template.write_text(TEMPLATE.replace(old, new))
    sample.write_text(json.dumps(ISSUE))
    found = run("linear", sample, "--file", template, *options).output
    return " ".join(found.replace(str(template), "sources.yaml").split())


def of_field(folder: Path, expression: str) -> str:
    """As `output`, with an expression in place of that of `_emulated.action`."""
    written = expression.replace("\\", "\\\\").replace('"', '\\"')
    return output(folder, "action: body.data.state.name", f'action: "{written}"')
