"""Write a connection that creates schema and dataset, and a source with the Map that fits."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from inlet_bridge.schemas.inference import Inferred

_WIDTH: Final = 100
_MOST_COMMENTS: Final = 20
_INDENT: Final = " " * 6
_EXPORTED: Final = """\
      ServiceToken:
        Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"
"""
_PARAMETERS: Final = """\
Parameters:
  Stage:
    Type: String
    Default: dev
  SettlingSeconds:
    Type: Number
    Default: 300
    Description: Seconds for which webhooks are buffered after a dataflow is created or changed.
  KeepBodies:
    Type: Number
    Default: 0
    Description: Days for which bodies of webhooks are kept; 0 keeps none.
"""
_HEAD: Final = """\
# Made by `inlet schema from`: check names and types before the first deployment, because Adobe
# allows only new fields afterwards. In a file that exists, such as sources.yaml, write what is
# below Resources below the Resources there.
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the samples do not say.

    Attributes:
        name: of the connection, its flow and the source.
        xdm_class: `ExperienceEvent`, `Profile` or the `$id` of a class.
        tenant: the ID of the tenant, below which custom fields are.
        provider: of the source.
    """

    name: str
    xdm_class: str
    tenant: str
    provider: str


def connection_properties(inferred: Inferred, choices: Choices) -> dict[str, Any]:
    """The properties of the connection."""
    title = choices.name.replace("-", " ").capitalize()
    schema = {"Name": title, "Class": choices.xdm_class, "Fields": inferred.fields}
    flow = {"Name": choices.name, "Schema": schema, "Dataset": {"Name": title}}
    return {"Name": choices.name, "Flows": [flow]}


def sources_file(inferred: Inferred, choices: Choices) -> str:
    """A template with the connection and a source; comments name what has no field."""
    logical = "".join(part.capitalize() for part in choices.name.split("-"))
    entity: dict[str, Any] = {f"_{choices.tenant}": inferred.map}
    if choices.xdm_class != "Profile":
        entity = {"eventType": "event_type", **entity}
    routes = {"Routes": [{"Flow": choices.name, "Map": entity}]}
    return (
        f"{_HEAD}{''.join(_omitted(inferred))}"
        f"{_PARAMETERS}Resources:\n"
        f"  {logical}Connection:\n    Type: Custom::StreamingConnection\n    Properties:\n"
        f"{_EXPORTED}{_yaml(connection_properties(inferred, choices))}"
        f"{_INDENT}SettlingSeconds: !Ref SettlingSeconds\n"
        f"  {logical}Source:\n    Type: Custom::WebhookSource\n    Properties:\n"
        f"{_EXPORTED}{_yaml({'Name': choices.name, 'Provider': choices.provider})}"
        f'{_INDENT}Secrets: [!Sub "/inlet-bridge/${{Stage}}/secrets/{choices.name}"]\n'
        f"{_INDENT}Connection: !GetAtt {logical}Connection.Name\n"
        f"{_INDENT}KeepBodies: !Ref KeepBodies\n"
        f"{_yaml(routes)}"
    )


def _yaml(properties: Mapping[str, Any]) -> str:
    text = yaml.safe_dump(dict(properties), sort_keys=False, width=_WIDTH, allow_unicode=True)
    return textwrap.indent(text, _INDENT)


def _omitted(inferred: Inferred) -> Iterator[str]:
    if inferred.omitted:
        yield "# Without a field:\n"
    for path, reason in inferred.omitted[:_MOST_COMMENTS]:
        # A key may have any characters, also line breaks.
        yield f"#   {json.dumps(path)[1:-1]} {reason}\n"
    if (more := len(inferred.omitted) - _MOST_COMMENTS) > 0:
        yield f"#   and {more} more\n"
