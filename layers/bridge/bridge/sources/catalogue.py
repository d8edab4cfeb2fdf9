"""The providers that the bridge knows by name: `catalogue.json`, read once.

Only provisioning reads it: a source document holds its scheme whole. An entry's scheme is
written as a source document writes it; what is left out has the default of `schemes`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from bridge.sources.schemes import Scheme, scheme_from_document


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known of one provider.

    Attributes:
        scheme: may lack what only the user knows, such as the header of a token.
        delivery_id, event_type: recipes; empty where the provider sends no such thing, or
            nothing that is sure to be unique. `header:x-amzn-trace-id`, which API Gateway adds,
            makes each request a delivery of its own: for thin notifications whose body is the
            same every time, and of which none may be taken for a retry.
        secret: where people find the secret and what it looks like.
        documentation: the vendor's page about its webhooks.
    """

    title: str
    scheme: Scheme
    delivery_id: tuple[str, ...]
    event_type: tuple[str, ...]
    secret: str
    documentation: str


def _preset(entry: Mapping[str, Any]) -> Preset:
    return Preset(
        title=entry["title"],
        scheme=scheme_from_document(entry["scheme"]),
        delivery_id=tuple(entry["delivery_id"]),
        event_type=tuple(entry["event_type"]),
        secret=entry["secret"],
        documentation=entry["documentation"],
    )


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        name: _preset(entry)
        for name, entry in json.loads(
            files(__package__).joinpath("catalogue.json").read_text(encoding="utf-8")
        ).items()
    }
)
"""Presets by the name that a source gives as its `Provider`."""
