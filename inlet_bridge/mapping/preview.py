"""Preview the messages of a sample with the bridge's own code; nothing is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

from bridge.delivery.delivery import Delivery
from bridge.errors import (
    InvalidPropertyError,
    MappingError,
    UnsupportedBodyError,
    WebhookRejectedError,
)
from bridge.messages.body_parsing import form_of
from bridge.messages.envelope import MAX_MESSAGE_BYTES, fits
from bridge.messages.fan_out import fan_out
from bridge.messages.received_event import received_event
from bridge.messages.xdm_entity import entity_of
from bridge.names import NAME
from bridge.provisioning.sources.builder import build_source
from bridge.provisioning.sources.checks import with_checks
from bridge.provisioning.sources.declaration import declared_sender
from bridge.provisioning.sources.properties import source_properties
from bridge.provisioning.sources.subscription_properties import registered
from bridge.sources.connection import Connection, Flow
from bridge.sources.route import DEAD_LETTER, DROP
from bridge.sources.source import Source
from bridge.strict_json import read_json
from bridge.verification.credentials import check_body
from bridge.webhook import Webhook, with_charset
from inlet_bridge.mapping.applied_target import applied_target
from inlet_bridge.mapping.declared import Declared
from inlet_bridge.mapping.explained_errors import explained
from inlet_bridge.mapping.extraneous_keys import constraints_of
from inlet_bridge.mapping.json_files import json_fault
from inlet_bridge.mapping.namespace_warnings import as_at_deployment
from inlet_bridge.mapping.sample_hints import sample_hints
from inlet_bridge.mapping.secret_references import UNUSED
from inlet_bridge.mapping.untyped_samples import untyped_sample

type Behavior = Literal["time-series", "record"]

# A preview needs no secret, and a template may compute its reference.
_ANY_REFERENCE: Final = "/inlet-bridge/{}/secrets/any"
_KEYWORDS: Final = ("", DROP, DEAD_LETTER)
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PreviewedWebhook:
    """The result of one event in one flow.

    Attributes:
        flow: empty if no route matches.
        message: the entity or the raw message; None if there is no message.
        size: in bytes.
        notes: what Adobe takes and the author may not expect.
        error: the reason why it would become a dead letter, or empty.
        route: the position of the route that applies; None if `Otherwise` does, or none matches.
        adobe: Adobe's verdict, if it was asked.
    """

    delivery_id: str
    flow: str
    message: Any = None
    size: int = 0
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""
    route: int | None = None
    adobe: Mapping[str, Any] | None = None

    @property
    def is_well(self) -> bool:
        """Whether it becomes no dead letter, and Adobe has nothing against it."""
        return not self.error and (self.adobe or {}).get("passed") is not False


@dataclass(frozen=True, slots=True)
class Preview:
    """The result of one sample.

    Attributes:
        filtered: number of its events that no route selects.
        refused: the error in the response, or empty.
        hints: names that expressions may have misspelled, and what they cannot compare.
        untyped: the way out for a sample without an event type; else empty.
    """

    event_type: str
    shown: tuple[PreviewedWebhook, ...] = ()
    filtered: int = 0
    refused: str = ""
    hints: tuple[str, ...] = ()
    untyped: str = ""

    @property
    def unrouted(self) -> bool:
        """Whether no route selects some of its events."""
        return bool(self.filtered) or any(not each.flow for each in self.shown)

    @property
    def routed(self) -> bool:
        """Whether a route selects one of its events."""
        return any(each.flow for each in self.shown)

    @property
    def is_well(self) -> bool:
        """Whether it contains neither a rejection nor a dead letter."""
        return not self.refused and all(each.is_well for each in self.shown)


def assumed_source(
    declared: Declared,
    behavior: Behavior,
    schemas: Mapping[str, Mapping[str, Any]],
    *,
    namespaces: tuple[str, ...] | None = (),
) -> Source:
    """Build a source as it would be provisioned, on a connection that is assumed to exist.

    Args:
        declared: as read from the file.
        behavior: of flows without a given schema.
        schemas: XDM schemas by flow.
        namespaces: of the sandbox; empty or None if they are unknown.

    Raises:
        OperationError: its properties are invalid; names the line if it is known.
    """
    stage, references = declared.references.stage, declared.references.properties
    properties = {name: value for name, value in declared.properties.items() if name not in UNUSED}
    properties |= references
    is_signed = properties.get("Verification") is None and "Subscription" not in references
    if is_signed and references.get("Secrets", []) == []:
        properties["Secrets"] = [_ANY_REFERENCE.format(stage)]
    try:
        read = source_properties(properties, stage)
        registered(read, stage)
        named = {route.flow for route in read.routes if route.flow}
        named |= {target.flow for route in read.routes for target in route.targets}
        # `Drop` and `dead_letter` are no flows, but keywords in another spelling.
        is_keyword = read.otherwise.lower().replace("_", "-") in _KEYWORDS
        if NAME.fullmatch(read.otherwise) and not is_keyword:
            named |= {read.otherwise}
        flows = {
            name: Flow(name, "dataset", "schema", _LONG_AGO, behavior)
            for name in declared.flows or sorted(named) or ("events",)
        }
        connection = Connection(
            read.connection or "",
            "https://inlet",
            True,
            declared.data_type,
            "source",
            "org",
            "sandbox",
        )
        built = build_source(
            read, declared_sender(read), connection, flows, schemas, namespaces=namespaces
        )
        source, texts = with_checks(built, schemas if declared.data_type == "xdm" else {})
        return source._replace(schemas={**source.schemas, **texts})
    except InvalidPropertyError as exc:
        raise declared.error(exc) from exc


def preview(
    source: Source,
    headers: Mapping[str, str],
    body: bytes,
    query: str = "",
    *,
    event: str = "",
    now: datetime | None = None,
    kept: Delivery | None = None,
) -> Preview:
    """Preview the messages of a webhook.

    Args:
        source: as returned by `assumed_source`.
        headers: names in lower case.
        body: the bytes of the request.
        query: as in a URL, without `?`.
        event: overrides the type that the provider's preset finds.
        now: time of receipt; by default the current time.
        kept: the kept webhook of the sample, with its ID and times; not all headers are kept.
    """
    if source.charset:
        headers = with_charset(headers, source.charset)
    url = f"https://hooks/webhooks/{source.name}"
    webhook = Webhook("POST", f"{url}?{query}" if query else url, headers, body)
    at = kept.received_at if kept else now or datetime.now(UTC)
    received = received_event(source, webhook, at, event=event)
    if kept:
        received = received._replace(
            delivery_id=kept.delivery_id, key=kept.key, sent_at=kept.sent_at
        )
    kind = received.event_type
    try:
        check_body(source.scheme, webhook)
        fanned_out = fan_out(source, received)
    except WebhookRejectedError as exc:
        reason = f"{exc.status.value} {exc.status.phrase}: {exc}"
        is_json = (
            isinstance(exc, UnsupportedBodyError) and form_of(body, source.body_form) == "json"
        )
        fault = json_fault(body) if is_json else ""
        return Preview(kind, refused=reason, hints=(f"the body {fault}",) if fault else ())
    unrouted = fanned_out.fault or "no route takes it"
    shown = tuple(_shown(source, delivery, unrouted) for delivery in fanned_out.deliveries)
    hints = sample_hints(source, fanned_out.whole, body, is_filtered=bool(fanned_out.filtered))
    untyped = "" if kind else untyped_sample(source, body)
    return Preview(kind, shown, fanned_out.filtered, hints=hints, untyped=untyped)


def _shown(source: Source, delivery: Delivery, unrouted: str) -> PreviewedWebhook:
    shown = PreviewedWebhook(delivery.delivery_id, delivery.flow)
    if not delivery.flow:
        return replace(shown, error=unrouted)
    applied = applied_target(source, delivery)
    shown = replace(shown, route=applied.route if applied else None)
    try:
        entity = entity_of(source, delivery)
    except MappingError as exc:
        error, notes = explained(str(exc), applied, constraints_of(source, delivery.flow))
        return replace(shown, error=error, notes=notes)
    shown = replace(
        shown,
        message=read_json(entity.content.decode()),
        size=len(entity.content),
        warnings=as_at_deployment(source, entity.warnings),
        notes=(*entity.notes, *(applied.notes() if applied else ())),
    )
    if not fits(source.connection, source.flows[delivery.flow], entity.content):
        return replace(shown, error=f"the message is over {MAX_MESSAGE_BYTES} bytes")
    return shown
