"""Select stored webhooks by an expression over their bodies."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.body_parsing import read_content
from bridge.messages.dates import rfc3339
from bridge.messages.documents import document_of
from bridge.messages.expressions import PROVIDER, compile_expression, is_true
from bridge.messages.item_fields import item_fields
from bridge.messages.routing import context_of
from bridge.provisioning.sources.constant_conditions import constant_condition, uncompared_texts
from bridge.sources.route import NO_PRIVACY, SIGNED_BODY
from bridge.sources.source import Source
from bridge.strict_json import read_json
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.erasure.absent_fields import AbsentFields
from inlet_bridge.operations.errors import OperationError


class Match(StrEnum):
    """What an expression selects: nothing, one of the events of a webhook, or all of it."""

    NOTHING = "nothing"
    EVENT = "event"
    WHOLE = "whole"


class UnreadableError(Exception):
    """A stored webhook cannot be examined; the message is a reason without a value of it."""


class BodySelection:
    """Evaluates a JMESPath expression as those of routes, over everything that is stored.

    Bodies are read by the current settings of their source, but without its `Privacy`: what is
    stored may be older.

    Attributes:
        absent: the fields that nothing had of what was examined.

    Raises:
        OperationError: the expression is invalid, or has a text that is compared with nothing.
    """

    def __init__(self, deployed: Deployed, where: str) -> None:
        try:
            self._expression = compile_expression(where)
        except ValueError as exc:
            raise OperationError(
                f"--where {exc}", hint="It is JMESPath, such as `body.email == 'a@example.com'`."
            ) from None
        for text in uncompared_texts(where):
            raise OperationError(f"--where {constant_condition(text, 'body.email')}.")
        self.absent = AbsentFields(where)
        self._deployed = deployed
        self._sources: dict[str, Source | None] = {}

    def of_delivery(self, delivery: Delivery) -> Match:
        """What the expression selects of a delivery. Raises UnreadableError."""
        source = self._source(delivery.source)
        try:
            first, *events = _contexts(source, delivery)
        except (MappingError, WebhookRejectedError) as exc:
            raise UnreadableError(f"the body cannot be read: {exc}") from None
        except (ValueError, RecursionError):
            raise UnreadableError("the body cannot be read with its source's settings") from None
        if self._holds(first):
            return Match.WHOLE
        return Match.EVENT if any(map(self._holds, events)) else Match.NOTHING

    def of_event(self, text: str, attributes: Mapping[str, str]) -> Match:
        """What it selects of an event that no forwarder has accepted. Raises UnreadableError."""
        try:
            document = read_json(text)
        except (ValueError, RecursionError):
            raise UnreadableError("it is neither a delivery nor JSON") from None
        headers = {name.lower(): value for name, value in attributes.items()}
        context = {"body": document, "headers": headers, "source": headers.get("source", "")}
        return Match.WHOLE if self._holds(context) else Match.NOTHING

    def _holds(self, context: Mapping[str, Any]) -> bool:
        self.absent.examine(context)
        try:
            return is_true(self._expression.value(context))
        except MappingError as exc:
            raise UnreadableError(f"the expression fails: {exc}") from None

    def _source(self, name: str) -> Source | None:
        """A source that reads everything that is stored; None if it is not configured."""
        if name not in self._sources:
            self._sources[name] = self._configured(name)
        return self._sources[name]

    def _configured(self, name: str) -> Source | None:
        parameter = f"{self._deployed.prefix}/sources/{name}"
        found = self._deployed.ssm.get_parameters(Names=[parameter])["Parameters"]
        if not found:
            return None
        try:
            source = Source.from_document(found[0]["Value"])
        except (ValueError, KeyError, TypeError):
            return None
        return source._replace(privacy=NO_PRIVACY, coverage=SIGNED_BODY)


def _contexts(source: Source | None, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
    """What the expression reads: of the whole delivery, and of each event in it."""
    if source is None:
        yield _context_without_source(delivery)
        return
    document = document_of(source, delivery)
    whole = context_of(source, delivery, document)
    yield whole
    if source.split and delivery.kind != "event":
        found = compile_expression(source.split).value(whole)
        fields = item_fields(source, delivery, document)
        for event in found if isinstance(found, list) else ():
            yield context_of(source, fields.of(delivery, document, event), event)


def _context_without_source(delivery: Delivery) -> Mapping[str, Any]:
    return {
        "source": delivery.source,
        "delivery_id": delivery.delivery_id,
        "event_type": delivery.event_type,
        "received_at": rfc3339(delivery.received_at),
        "headers": delivery.headers,
        "query": delivery.query,
        "body": read_content(delivery.body, "json"),
        PROVIDER: "",
    }
