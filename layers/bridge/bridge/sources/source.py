"""The source document: one configured sender, written by the provisioner, read by the receiver.

It holds everything that the webhooks of a source need, so that one read of SSM suffices:
verification, access rules, routes and the ids of the chain.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from bridge.parameter_json import document_of, pack, storable, unpack
from bridge.sources.connection import Connection, Flow, flow_from_document
from bridge.sources.route import (
    DEAD_LETTER,
    DROP,
    NO_PRIVACY,
    SIGNED_BODY,
    Coverage,
    Privacy,
    Route,
    route_document,
    route_from_document,
)
from bridge.verification.scheme_document import scheme_from_document
from bridge.verification.schemes import BodyForm, Scheme

if TYPE_CHECKING:
    from bridge.verification.handshakes import Handshake, HandshakeResponse
    from bridge.verification.refusal import Refusal

DOCUMENT_VERSION = 2


class AccessRules(NamedTuple):
    """Restrictions of requests in addition to the verification.

    Attributes:
        allowed_cidrs, allowed_methods: empty means any.
        path_tokens: names of SSM parameters; the path must end in one of their values.
        max_body_bytes: None means the limit of the inlet.
    """

    allowed_cidrs: tuple[str, ...] = ()
    allowed_methods: tuple[str, ...] = ()
    path_tokens: tuple[str, ...] = ()
    max_body_bytes: int | None = None


class Source(NamedTuple):
    """One configured sender.

    Attributes:
        delivery_id, event_type: recipes such as `header:x-github-delivery`; the first match wins.
        secrets: names of SSM parameters, newest first; never values.
        delivery: `inline` tries the inlet before it responds, `queued` buffers immediately.
        sent_at: extractors of the sender's time, for schemes that do not sign it.
        timeout_seconds: how long the sender waits for a response; None if undocumented.
        handshakes: requests that get a specific response and are not forwarded.
        handshake_secrets: as `secrets`, for senders with other secrets in handshakes.
        acknowledgement: the response that the sender expects; None is a receipt.
        refusal: the form of refusals that the sender expects; None is problem details.
        registration_until: until then, a handshake may set the first secret.
        public_url: the URL that the sender calls, if it is not that of API Gateway.
        otherwise: for webhooks that no route matches: `drop`, `dead-letter` or a flow.
        split: JMESPath of the list of events within one webhook; empty means one event.
        item_id: JMESPath of an event's own id within a split webhook; empty means its position.
        headers: lowercase names of the headers that conditions and templates read.
        query: names of the query parameters that they read.
        body_form: format of bodies, see `bridge.messages.body_parsing`.
        charset: of bodies that are not UTF-8, whatever Content-Type says; empty means what it says.
        coverage: the parts of a body that are forwarded.
        by_content: deduplicate by signed content, whatever `delivery_id` finds.
        content_seconds: how long equal content counts as a repetition; None means as long as
            records are kept.
        keep_bodies: for how many days the bodies of its webhooks are kept; 0 keeps none.
        schemas: constraints of XDM schemas by reference, as JSON, if they are small.
        namespaces: codes of the sandbox's identity namespaces; None if they could not be read.
    """

    name: str
    provider: str
    scheme: Scheme
    delivery_id: tuple[str, ...]
    event_type: tuple[str, ...]
    secrets: tuple[str, ...]
    delivery: Literal["inline", "queued"]
    routes: tuple[Route, ...]
    connection: Connection
    flows: Mapping[str, Flow]
    sent_at: tuple[str, ...] = ()
    timeout_seconds: float | None = None
    handshakes: "tuple[Handshake, ...]" = ()
    handshake_secrets: tuple[str, ...] = ()
    acknowledgement: "HandshakeResponse | None" = None
    refusal: "Refusal | None" = None
    registration_until: datetime | None = None
    public_url: str = ""
    access_rules: AccessRules = AccessRules()
    otherwise: str = DEAD_LETTER
    split: str = ""
    item_id: str = ""
    headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    privacy: Privacy = NO_PRIVACY
    body_form: BodyForm = "auto"
    charset: str = ""
    coverage: Coverage = SIGNED_BODY
    by_content: bool = False
    content_seconds: int | None = None
    keep_bodies: int = 0
    schemas: Mapping[str, str] = MappingProxyType({})
    namespaces: tuple[str, ...] | None = ()

    def destinations(self) -> set[str]:
        """Names of all flows of its routes and of `otherwise`."""
        flows = {target.flow for route in self.routes for target in route.targets}
        return flows | ({self.otherwise} - {DROP, DEAD_LETTER})

    def to_document(self) -> str:
        """The text for SSM; `from_document` is the inverse."""
        text = json.dumps(
            {
                "version": DOCUMENT_VERSION,
                **document_of(self),
                "routes": list(map(route_document, self.routes)),
            },
            default=datetime.isoformat,
            separators=(",", ":"),
        )
        return pack(storable(text))

    @classmethod
    def from_document(cls, text: str) -> "Source":
        """Read a source document.

        Raises:
            ValueError: the text is not a source document of this version.
        """
        document: dict[str, Any] = json.loads(unpack(text))
        if document.pop("version") != DOCUMENT_VERSION:
            raise ValueError(f"not a source document of version {DOCUMENT_VERSION}")
        source = cls(
            name=document["name"],
            provider=document["provider"],
            scheme=scheme_from_document(document["scheme"]),
            delivery_id=tuple(document["delivery_id"]),
            event_type=tuple(document["event_type"]),
            secrets=tuple(document["secrets"]),
            delivery=document["delivery"],
            routes=tuple(map(route_from_document, document["routes"])),
            connection=Connection(**document["connection"]),
            flows={name: flow_from_document(flow) for name, flow in document["flows"].items()},
            sent_at=tuple(document.get("sent_at", ())),
            timeout_seconds=document.get("timeout_seconds"),
            handshake_secrets=tuple(document.get("handshake_secrets", ())),
            registration_until=_time(document.get("registration_until")),
            public_url=document.get("public_url", ""),
            access_rules=_access_rules(document.get("access_rules", {})),
            otherwise=document.get("otherwise", DEAD_LETTER),
            split=document.get("split", ""),
            item_id=document.get("item_id", ""),
            headers=tuple(document.get("headers", ())),
            query=tuple(document.get("query", ())),
            privacy=Privacy(**{k: tuple(v) for k, v in document.get("privacy", {}).items()}),
            body_form=document.get("body_form", "auto"),
            charset=document.get("charset", ""),
            coverage=Coverage(**_tuples(document.get("coverage", {}))),
            by_content=document.get("by_content", False),
            content_seconds=document.get("content_seconds"),
            keep_bodies=document.get("keep_bodies", 0),
            schemas=document.get("schemas", {}),
            namespaces=_optional(document.get("namespaces", ())),
        )
        return _with_handshakes(source, document)


def _with_handshakes(source: Source, document: Mapping[str, Any]) -> Source:
    """Add handshakes, acknowledgement and refusal; most sources have none and skip the import."""
    if (refusal := document.get("refusal")) is not None:
        from bridge.verification.refusal import Refusal  # noqa: PLC0415 (few sources have one)

        source = source._replace(refusal=Refusal(**refusal))
    handshakes, acknowledgement = document.get("handshakes"), document.get("acknowledgement")
    if not handshakes and acknowledgement is None:
        return source
    from bridge.verification.handshakes import (  # noqa: PLC0415 (few sources have any)
        handshake_from_document,
        response_from_document,
    )

    return source._replace(
        handshakes=tuple(handshake_from_document(each) for each in handshakes or ()),
        acknowledgement=(
            None if acknowledgement is None else response_from_document(acknowledgement)
        ),
    )


def _access_rules(document: Mapping[str, Any]) -> AccessRules:
    return AccessRules(**_tuples(document))


def _tuples(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its lists as tuples."""
    lists = {name: tuple(found) for name, found in document.items() if isinstance(found, list)}
    return {**document, **lists}


def _optional(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
