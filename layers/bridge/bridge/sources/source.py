"""A source: one configured sender, as the provisioner writes it and the receiver reads it.

The document holds everything that a webhook of this source needs, so that one read of SSM
serves it: who may send, where its webhooks go, and the ids of the chain.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from bridge.sources.compression import pack, unpack
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

DOCUMENT_VERSION = 2


@dataclass(frozen=True, slots=True)
class Flow:
    """One dataflow below the connection.

    Attributes:
        flow_id: travels in `x-adobe-flow-id`.
        schema_id: `$id` of the XDM schema, a URI.
        ready_at: before this instant the inlet loses what it accepts.
        behaviour: of the schema's class: `time-series` needs `_id` and `timestamp` in each
            message, `record` does not; empty when nobody knows.
    """

    flow_id: str
    dataset_id: str
    schema_id: str
    ready_at: datetime
    behavior: Literal["time-series", "record", ""] = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """The base connection with its inlet, and whose it is.

    Attributes:
        source_id: the name under which the inlet files what it takes (`header.source.name`).
        org_id: the IMS organisation, ending in `@AdobeOrg`.
    """

    name: str
    inlet_url: str
    authenticated: bool
    data_type: Literal["xdm", "raw"]
    source_id: str
    org_id: str
    sandbox: str


@dataclass(frozen=True, slots=True)
class Destination:
    """A flow of a connection."""

    connection: Connection
    flow: Flow


@dataclass(frozen=True, slots=True)
class AccessRules:
    """What a request has to get past beside the verification.

    Attributes:
        allowed_cidrs, allowed_methods: empty means any.
        path_tokens: names of SSM parameters; one of their values has to end the path.
        max_body_bytes: None means as many as the inlet takes.
    """

    allowed_cidrs: tuple[str, ...] = ()
    allowed_methods: tuple[str, ...] = ()
    path_tokens: tuple[str, ...] = ()
    max_body_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One configured sender.

    Attributes:
        delivery_id, event_type: recipes such as `header:x-github-delivery`, first hit wins.
        secrets: names of SSM parameters, newest first; never values.
        delivery: `inline` tries the inlet before it answers, `queued` buffers at once.
        sent_at: places of the sender's time, for a scheme that signs none.
        timeout_seconds: how long the sender waits for an answer; None when nobody says.
        handshakes: questions that are answered and not forwarded.
        handshake_secrets: names as in `secrets`, for senders that show another one there.
        acknowledgement: what the sender wants to read; None is a receipt.
        registration_until: until then, the first secret may arrive with a handshake.
        public_url: what the sender was told, where that is not API Gateway's own address.
        otherwise: what becomes of a webhook that no route takes: `drop`, `dead-letter` or a flow.
        split: JMESPath of the list of events within one webhook; empty means one event.
        item_id: JMESPath of an event's own id within a split webhook; empty means its position.
        headers: names, in lower case, of those that conditions and templates read.
        body_form: how bodies are written, see `bridge.messages.body_parsing`.
        coverage: what of a body may reach a message.
        by_content: the signed content tells webhooks apart, whatever `delivery_id` finds.
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
    registration_until: datetime | None = None
    public_url: str = ""
    access_rules: AccessRules = AccessRules()
    otherwise: str = DEAD_LETTER
    split: str = ""
    item_id: str = ""
    headers: tuple[str, ...] = ()
    privacy: Privacy = NO_PRIVACY
    body_form: BodyForm = "auto"
    coverage: Coverage = SIGNED_BODY
    by_content: bool = False

    def destinations(self) -> set[str]:
        """Names of the flows that its webhooks may take."""
        flows = {target.flow for route in self.routes for target in route.targets}
        return flows | ({self.otherwise} - {DROP, DEAD_LETTER})

    def to_document(self) -> str:
        """The text that goes to SSM; `from_document` reads it back to an equal source."""
        text = json.dumps(
            {
                "version": DOCUMENT_VERSION,
                **asdict(self),
                "routes": list(map(route_document, self.routes)),
            },
            default=datetime.isoformat,
            separators=(",", ":"),
        )
        return pack(text)

    @classmethod
    def from_document(cls, text: str) -> "Source":
        """Read what `to_document` wrote.

        Raises:
            ValueError: the text is no source document of this version.
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
            flows={name: _flow(flow) for name, flow in document["flows"].items()},
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
            privacy=Privacy(**{k: tuple(v) for k, v in document.get("privacy", {}).items()}),
            body_form=document.get("body_form", "auto"),
            coverage=Coverage(**_tuples(document.get("coverage", {}))),
            by_content=document.get("by_content", False),
        )
        return _with_answers(source, document)


def _with_answers(source: Source, document: Mapping[str, Any]) -> Source:
    """Most senders ask nothing, so what reads the answers is loaded for the others only."""
    handshakes, acknowledgement = document.get("handshakes"), document.get("acknowledgement")
    if not handshakes and acknowledgement is None:
        return source
    from bridge.verification.handshakes import (  # noqa: PLC0415
        handshake_from_document,
        response_from_document,
    )

    return replace(
        source,
        handshakes=tuple(handshake_from_document(each) for each in handshakes or ()),
        acknowledgement=(
            None if acknowledgement is None else response_from_document(acknowledgement)
        ),
    )


def _access_rules(document: Mapping[str, Any]) -> AccessRules:
    return AccessRules(**_tuples(document))


def _tuples(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its lists as what a frozen dataclass holds."""
    lists = {name: tuple(found) for name, found in document.items() if isinstance(found, list)}
    return {**document, **lists}


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _flow(document: Mapping[str, Any]) -> Flow:
    return Flow(**{**document, "ready_at": datetime.fromisoformat(document["ready_at"])})
