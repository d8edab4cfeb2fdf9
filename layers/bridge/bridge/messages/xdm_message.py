"""Finish the entity of an XDM message: remove what Adobe rejects, and check the rest."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, UnavailableError, UnsupportedBodyError
from bridge.messages.empty_values import (
    has_empty_values,
    may_have_empty_values,
    without_empty_values,
)
from bridge.messages.event_fields import insert_fields, missing_event_fields
from bridge.sources.connection import Flow
from bridge.sources.source import Source
from bridge.strict_json import read_body, write_json

type ReadSchema = Callable[[str], str]
"""Returns the constraints of a reference, as JSON. Raises UnavailableError."""

_IDENTITY_MAP: Final = "identityMap"
_IDENTITY_MAP_BYTES: Final = b'"identityMap"'
EMPTY: Final = "the message has nothing but empty values"


def no_schemas(reference: str) -> str:
    """Implement `ReadSchema` where no schema is stored."""
    raise UnavailableError(f"schema {reference} cannot be read here")


class XdmMessage(NamedTuple):
    """The entity of a message.

    Attributes:
        content: a JSON object.
        faults: why Adobe would not ingest it, as sentences without values.
        warnings: why Adobe may not ingest all of it.
    """

    content: bytes
    faults: tuple[str, ...]
    warnings: tuple[str, ...]


def is_unchecked(flow: Flow) -> bool:
    """Whether messages to a flow are neither checked nor completed."""
    return not flow.checks and flow.behavior != "time-series"


def is_entity(body: bytes) -> bool:
    """Whether a body surely is the entity: `xdm_message` would return its bytes, and no findings.

    So that most messages to a flow whose schema could not be read need not be parsed.

    Args:
        body: JSON in UTF-8, as the bridge reads it before it stores it, to an unchecked flow.
    """
    return (
        body.startswith(b"{")
        # A name can be escaped; a backslash is found in a hundredth of the time of the others.
        and body.find(b"\\") < 0
        and body.find(_IDENTITY_MAP_BYTES) < 0
        and not may_have_empty_values(body)
    )


def unchanged_document(body: bytes) -> dict[str, Any]:
    """Return the document of a body that is the entity.

    Raises:
        UnsupportedBodyError: the body is not JSON.
        MappingError: the body is not an object.
    """
    try:
        document = read_body(body)
    except (ValueError, RecursionError):
        pass
    else:
        if not isinstance(document, dict):
            raise MappingError("the body is not an object")
        return document
    # Outside of the except clause: the context of the exception could quote the body.
    raise UnsupportedBodyError("the body is not JSON")


def with_identities(entity: dict[str, Any]) -> dict[str, Any]:
    """Return an entity without the identities that Identity Service does not take.

    Before empty values are removed, which would leave an identity without its id.
    """
    if _IDENTITY_MAP not in entity:
        return entity
    from bridge.messages.identity_values import with_usable_identities  # noqa: PLC0415 (many have none)

    return with_usable_identities(entity)


def xdm_message(
    source: Source,
    delivery: Delivery,
    document: dict[str, Any],
    body: bytes,
    read_schema: ReadSchema,
) -> XdmMessage:
    """Finish an entity.

    Args:
        source: of the delivery.
        delivery: to one of its flows.
        document: the entity so far.
        body: its JSON; if nothing is removed or rewritten, its bytes are unchanged. Empty if a Map
            made the document, without empty values and unusable identities.
        read_schema: reads what is not in the source document.

    Raises:
        MappingError: no value remains.
        UnavailableError: the schema cannot be read now.
        RecursionError: the document is nested too deeply.
    """
    flow = source.flows[delivery.flow]
    entity: dict[str, Any] | None = with_identities(document) if body else document
    if body and has_empty_values(document):
        entity = without_empty_values(entity)
    if entity is None:
        raise MappingError(EMPTY)
    missing = missing_event_fields(flow, delivery, entity)
    whole = {**missing, **entity} if missing else entity
    if not whole:
        raise MappingError(EMPTY)
    checked, faults, warnings = _findings(source, flow, whole, read_schema)
    if not body or entity is not document or checked is not whole:
        content = write_json(checked)
    else:
        content = insert_fields(missing, body, is_empty=not document)
    return XdmMessage(content, faults, warnings)


def _findings(
    source: Source, flow: Flow, entity: dict[str, Any], read_schema: ReadSchema
) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
    """Return the entity as its schema has its numbers, its faults and its warnings."""
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    if _IDENTITY_MAP in entity:
        from bridge.messages.identity_values import namespace_findings  # noqa: PLC0415 (few sources ask for checks)

        faults, warnings = namespace_findings(entity, source.namespaces or (), source.routes)
    if flow.checks:
        from bridge.messages.xdm_check import compile_constraints  # noqa: PLC0415 (few sources ask for checks)

        text = source.schemas.get(flow.checks) or read_schema(flow.checks)
        check = compile_constraints(text)
        fault, may_fail = check.findings(entity)
        if may_fail:
            from bridge.messages.whole_numbers import with_whole_numbers  # noqa: PLC0415 (rare)

            entity = with_whole_numbers(check.constraints, entity)
            fault, may_fail = check.findings(entity)
        warnings += tuple(f"the message may not fit its schema: {each}" for each in may_fail)
        if fault:
            faults = (f"the message does not fit its schema: {fault}", *faults)
    return entity, faults, warnings
