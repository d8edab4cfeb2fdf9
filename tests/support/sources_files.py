"""Files of sources as users write them."""

from typing import Any

import yaml

SOURCES = """\
# My sources.
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage: {Type: String, Default: dev}   # of the bridge
  DatasetId:
    Type: String
  SchemaId: {Type: String}
  KeepBodies:
    Type: Number
    Default: 0
Conditions:
  IsProd: !Equals [!Ref Stage, 'prod']
Resources:
  WebhookConnection:
    Type: Custom::StreamingConnection
    Properties:
      ServiceToken: {Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"}
      ServiceTimeout: 900
      Name: webhooks
      Flows:
        - {Name: events,  DatasetId: !Ref DatasetId, SchemaId: !Ref SchemaId}
  WebhookSource:
    Type: Custom::WebhookSource
    Properties:
      ServiceToken: {Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"}
      Name: github
      Provider: github
      Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/github"]
      Connection: !GetAtt WebhookConnection.Name
      Routes: !If [IsProd, [{Flow: events, Map: {eventType: "'a'"}}], !Ref AWS::NoValue]
      # Delivery: queued

  # The end of the resources.
Outputs:
  InletUrl:
    Value: !GetAtt WebhookConnection.InletUrl
# The end.
"""
"""One connection with one flow and a source, with comments and intrinsic functions."""


def added_to(before: str, after: str) -> str:
    """What was inserted into a file; everything else must be there, byte for byte."""
    start = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before)
    )
    while start >= 0:
        rest = before[start:]
        if after.startswith(before[:start]) and after.endswith(rest):
            return after[start : len(after) - len(rest)]
        start -= 1
    raise AssertionError("the file was changed elsewhere")


def parsed(text: str) -> Any:
    """A template, in which a function in its short form is a pair of its name and its argument."""
    return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


def _short_form(loader: _Loader, name: str, node: yaml.Node) -> tuple[str, Any]:
    if isinstance(node, yaml.SequenceNode):
        return name, loader.construct_sequence(node, deep=True)
    return name, node.value


_Loader.add_multi_constructor("!", _short_form)
