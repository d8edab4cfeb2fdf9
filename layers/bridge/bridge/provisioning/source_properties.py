"""The properties of `Custom::WebhookSource`."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bridge.errors import InvalidPropertyError
from bridge.provisioning.properties import Name, Properties, parse

# Characters of SSM parameter names (AWS Systems Manager user guide, "About parameter names").
_PART = r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*"


type Recipe = Annotated[
    tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)
]


class RouteProperties(Properties):
    """One entry of `Routes`."""

    flow: Name


class SourceProperties(Properties):
    """A source, as somebody wrote it.

    Attributes:
        provider: a preset's name; with a scheme beside it, the scheme is what differs.
        delivery_id, event_type: recipes in place of the preset's.
        routes: where webhooks go: one flow; empty means the connection's only one.
    """

    name: Name
    provider: str | None = None
    scheme: Mapping[str, Any] | None = None
    delivery_id: Recipe | None = None
    event_type: Recipe | None = None
    secrets: Annotated[tuple[str, ...], Field(min_length=1)]
    connection: Name
    delivery: Literal["inline", "queued"] = "inline"
    routes: Annotated[tuple[RouteProperties, ...], Field(max_length=1)] = ()


def source_properties(properties: object, stage: str) -> SourceProperties:
    """Read the properties of a source.

    Raises:
        InvalidPropertyError: names the property; a text that is no reference is never quoted,
            since it may be the secret itself.
    """
    read = parse(SourceProperties, properties)
    reference = re.compile(
        rf"(/inlet-bridge/{stage}/secrets/"
        rf"|/aws/reference/secretsmanager/inlet-bridge/{stage}/){_PART}"
    )
    for index, secret in enumerate(read.secrets):
        if not reference.fullmatch(secret):
            raise InvalidPropertyError(
                f"Secrets.{index}",
                f"must be the name of a parameter below /inlet-bridge/{stage}/secrets/ or "
                f"/aws/reference/secretsmanager/inlet-bridge/{stage}/, never the secret itself",
            )
    return read
