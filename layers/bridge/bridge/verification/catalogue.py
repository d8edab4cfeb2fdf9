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

from bridge.verification.handshakes import (
    Handshake,
    HandshakeResponse,
    answer_from_document,
    handshake_from_document,
)
from bridge.verification.scheme_document import scheme_from_document
from bridge.verification.schemes import BodyForm, Scheme


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known of one provider.

    Attributes:
        scheme: may lack what only the user knows, such as the header of a token; `{const:name}`
            stands for one of the source's `Constants`.
        delivery_id, event_type: recipes; empty where the provider sends no such thing, or
            nothing that is sure to be unique. `header:x-amzn-trace-id`, which API Gateway adds,
            makes each request a delivery of its own: for thin notifications whose body is the
            same every time, and of which none may be taken for a retry.
        sent_at: places of the sender's time, for when it is not the time of signing.
        body: how bodies are written; `auto` where the provider sends several forms.
        unsigned: places that the proof does not cover and that are used all the same, each with
            the reason. Of a body that is covered in parts, nothing else is forwarded.
        by_content: the signed content tells webhooks apart, not the id: the provider signs no id,
            and never the same content for two events.
        identity: what tells one event from another, in the words of the page at `identity_source`.
        timeout_seconds: how long the provider waits for an answer; None when nobody says.
        handshakes: what it asks beside.
        acknowledgement: what it wants to read when a webhook was taken on; None is our receipt.
        constants: what the scheme needs to know, with where it is found.
        constant_forms: patterns for those that have a form, above all where they are a part of an
            address; see `Constants`.
        secret: where people find the secret and what it looks like.
        setup: where people paste the source's URL.
        retries: what the provider does when it gets no 2xx.
        quirks: what surprises.
        documentation: the vendor's page about its webhooks.
    """

    title: str
    scheme: Scheme
    delivery_id: tuple[str, ...]
    event_type: tuple[str, ...]
    sent_at: tuple[str, ...]
    body: BodyForm
    unsigned: Mapping[str, str]
    by_content: bool
    identity: str
    identity_source: str
    timeout_seconds: float | None
    handshakes: tuple[Handshake, ...]
    acknowledgement: HandshakeResponse | None
    constants: Mapping[str, str]
    constant_forms: Mapping[str, str]
    secret: str
    setup: str
    retries: str
    quirks: tuple[str, ...]
    documentation: str


def _preset(entry: Mapping[str, Any]) -> Preset:
    acknowledgement = entry.get("acknowledgement")
    return Preset(
        title=entry["title"],
        scheme=scheme_from_document(entry["scheme"]),
        delivery_id=tuple(entry["delivery_id"]),
        event_type=tuple(entry["event_type"]),
        sent_at=tuple(entry.get("sent_at", ())),
        body=entry["body"],
        unsigned=entry.get("unsigned", {}),
        by_content=entry.get("by_content", False),
        identity=entry["identity"],
        identity_source=entry.get("identity_source", entry["documentation"]),
        timeout_seconds=entry.get("timeout_seconds"),
        handshakes=tuple(handshake_from_document(each) for each in entry.get("handshakes", ())),
        acknowledgement=(
            None if acknowledgement is None else answer_from_document(acknowledgement)
        ),
        constants=entry.get("constants", {}),
        constant_forms=entry.get("constant_forms", {}),
        secret=entry["secret"],
        setup=entry["setup"],
        retries=entry.get("retries", ""),
        quirks=tuple(entry.get("quirks", ())),
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
