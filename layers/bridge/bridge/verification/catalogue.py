"""Presets of providers, read once from `catalogue.json`.

Only provisioning uses them: a source document holds its complete scheme. The scheme of an entry
has the format of a source document; omitted parameters have the defaults of `schemes`. How the
provider sends is below the entry's `facts`, which `bridge.verification.facts` reads.
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
    handshake_from_document,
    response_from_document,
)
from bridge.verification.refusal import Refusal
from bridge.verification.scheme_document import scheme_from_document
from bridge.verification.schemes import BodyForm, Scheme


@dataclass(frozen=True, slots=True)
class Preset:
    """The settings of one provider.

    Attributes:
        scheme: may lack what only the user knows, such as the header of a token; `{const:name}`
            is replaced by one of the source's `Constants`.
        delivery_id, event_type: recipes; empty where the provider sends no such value, or none
            that is certain to be unique. `header:x-amzn-trace-id`, which API Gateway adds, makes
            each request a delivery of its own: for notifications without data, whose body never
            changes and which must not be deduplicated.
        split, item_id: JMESPath of the list of events in one webhook, and of the id of one of them,
            where webhooks are batches. The id is used if a source has this `Split` and no
            `ItemId`: a retry may group the events differently.
        sent_at: extractors of the sender's time, where it is not the time of signing.
        body: format of the bodies; `auto` where the provider sends several.
        methods: the methods of webhooks; empty means any with a body. Requests without a body are
            webhooks only if `GET` is among them, or with another method if `body` is `auto`.
        unsigned: extractors of values that are used although no signature covers them, each with
            the reason. Nothing else of a partly signed body is forwarded.
        by_content: deduplicate by signed content instead of id: the provider does not sign the
            id and never signs the same content for two events.
        timeout_seconds: how long the provider waits for a response; None if undocumented.
        handshakes: requests other than webhooks that expect a specific response.
        acknowledgement: the response that the provider expects to a webhook; None is a receipt.
        refusal: the form of the response to a webhook that is refused; None is problem details.
        constants: values that the scheme needs, each with where to find it.
        constant_forms: patterns of constants, above all of those that are part of a URL; see
            `Constants`.
        secret: where to find the secret and what it looks like.
        setup: where to enter the source's URL.
        quirks: unexpected behavior.
        differences: deliberate differences from the vendor's libraries, by a word; each is tested.
        documentation: the vendor's page about its webhooks.
    """

    title: str
    scheme: Scheme
    delivery_id: tuple[str, ...]
    event_type: tuple[str, ...]
    sent_at: tuple[str, ...]
    split: str
    item_id: str
    body: BodyForm
    methods: tuple[str, ...]
    unsigned: Mapping[str, str]
    by_content: bool
    timeout_seconds: float | None
    handshakes: tuple[Handshake, ...]
    acknowledgement: HandshakeResponse | None
    refusal: Refusal | None
    constants: Mapping[str, str]
    constant_forms: Mapping[str, str]
    secret: str
    setup: str
    quirks: tuple[str, ...]
    differences: Mapping[str, str]
    documentation: str


def _preset(entry: Mapping[str, Any]) -> Preset:
    acknowledgement = entry.get("acknowledgement")
    return Preset(
        title=entry["title"],
        scheme=scheme_from_document(entry["scheme"]),
        delivery_id=tuple(entry["delivery_id"]),
        event_type=tuple(entry["event_type"]),
        sent_at=tuple(entry.get("sent_at", ())),
        split=entry.get("split", ""),
        item_id=entry.get("item_id", ""),
        body=entry["body"],
        methods=tuple(entry.get("methods", ())),
        unsigned=entry.get("unsigned", {}),
        by_content=entry.get("by_content", False),
        timeout_seconds=entry.get("timeout_seconds"),
        handshakes=tuple(handshake_from_document(each) for each in entry.get("handshakes", ())),
        acknowledgement=(
            None if acknowledgement is None else response_from_document(acknowledgement)
        ),
        refusal=Refusal(**entry["refusal"]) if "refusal" in entry else None,
        constants=entry.get("constants", {}),
        constant_forms=entry.get("constant_forms", {}),
        secret=entry["secret"],
        setup=entry["setup"],
        quirks=tuple(entry.get("quirks", ())),
        differences=entry.get("differences", {}),
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
