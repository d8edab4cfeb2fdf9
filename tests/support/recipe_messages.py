"""What the sample of a recipe becomes, from the provider's signed request to the inlet."""

import json
from collections.abc import Mapping
from copy import replace
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from bridge.messages.xdm_entity import entity_of
from bridge.provisioning.sources.checks import with_checks
from inlet_bridge.mapping.sample_reading import read_sample
from inlet_bridge.recipes.recipe import Recipe, recipes, xdm_ids
from tests.support.public_xdm import schema_of
from tests.support.sending_provider import Behavior, SendingProvider, sending_provider

OK = range(200, 300)
DOCUMENT = "/inlet-bridge/test/sources/it"
BEHAVIORS: Mapping[str, Behavior] = {
    "XDM ExperienceEvent": "time-series",
    "XDM Individual Profile": "record",
}


@dataclass(frozen=True)
class Outcome:
    """What one webhook became.

    Attributes:
        status: of the response to the sender.
        messages: flow and entity of each message.
    """

    status: int
    messages: tuple[tuple[str, dict[str, Any]], ...]


def configured(monkeypatch: pytest.MonkeyPatch, recipe: Recipe) -> SendingProvider:
    """A source with a recipe behind the receiver's handler, as CloudFormation declares it.

    It refuses messages that do not fit the schema of their dataset.
    """
    flows = {flow: BEHAVIORS[schema.xdm_class] for flow, schema in recipe.schemas.items()}
    source = sending_provider(
        monkeypatch, recipe.provider, flows, **as_cloudformation(recipe.properties)
    )
    source.sends_as_given = True
    checked, texts = with_checks(source.source, dataset_schemas(recipe))
    source.source = replace(checked, schemas={**checked.schemas, **texts})
    source.parameters.values[DOCUMENT] = source.source.to_document()
    return source


def received(
    source: SendingProvider, headers: Mapping[str, str], body: bytes, delivery_id: str = "msg_1"
) -> Outcome:
    """Send a signed webhook; buffered messages are built as the forwarder builds them."""
    source.inlet.requests.clear()
    source.buffer.kept.clear()
    status = source.send(body, headers, delivery_id=delivery_id)
    sent = [json.loads(content) for _, _, content in source.inlet.requests]
    inline = [(each["header"]["datasetId"], each["body"]["xdmEntity"]) for each in sent]
    buffered = [
        (delivery.flow, json.loads(entity_of(source.source, delivery).content))
        for delivery, _ in source.buffer.kept
    ]
    return Outcome(status, (*inline, *buffered))


@cache
def outcome_of(provider: str, sample: str) -> Outcome:
    """What a sample of a recipe becomes."""
    return sent(provider, sample)


def sent(provider: str, sample: str) -> Outcome:
    """Send a sample of a recipe to a new source."""
    recipe = recipes()[provider]
    headers, body, _ = read_sample(recipe.sample(sample))
    with pytest.MonkeyPatch.context() as patch:
        return received(configured(patch, recipe), headers, body)


def dataset_schemas(recipe: Recipe) -> dict[str, dict[str, Any]]:
    """By flow, the schema of a dataset whose class and field groups the recipe names."""
    return {
        flow: schema_of(
            xdm_ids()[schema.xdm_class],
            BEHAVIORS[schema.xdm_class],
            (xdm_ids()[title] for title in schema.field_groups),
        )
        for flow, schema in recipe.schemas.items()
    }


def as_cloudformation(node: Any) -> Any:
    """Properties as a custom resource receives them: every scalar is a text.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
    """
    match node:
        case dict():
            return {name: as_cloudformation(each) for name, each in node.items()}
        case list():
            return [as_cloudformation(each) for each in node]
        case bool():
            return "true" if node else "false"
    return str(node)
