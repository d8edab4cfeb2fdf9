"""Add the constraints of XDM schemas to a source, so that its messages are checked with them."""

from collections.abc import Mapping
from typing import Any, Final

from bridge.messages.declared_namespaces import declared_namespaces, unknown_namespace
from bridge.provisioning.schema_comparison import listed, schema_behavior
from bridge.provisioning.xdm_constraints import constraints_text
from bridge.sources.connection import Flow
from bridge.sources.schema_texts import reference_of
from bridge.sources.source import Source
from bridge.telemetry import logger

# Up to which a document is free of charge, and needs no second call to SSM.
_MOST_BYTES: Final = 4_096


def with_checks(
    source: Source, schemas: Mapping[str, Mapping[str, Any]]
) -> tuple[Source, dict[str, str]]:
    """Return a source whose flows refer to the constraints of their schemas, and texts to store.

    Constraints are in the source document if it stays small, and else parameters of their own.

    Args:
        source: with the constraints that its document has now, if there is one.
        schemas: the available XDM schemas, by flow; other flows keep what they have.
    """
    texts = dict(source.schemas)
    flows = dict(source.flows)
    for name in flows.keys() & schemas.keys():
        flows[name], text = _checked(name, flows[name], schemas[name])
        if text:
            texts[flows[name].checks] = text
    used = {flow.checks for flow in flows.values()}
    texts = {reference: text for reference, text in sorted(texts.items()) if reference in used}
    small = source._replace(flows=flows, schemas=texts)
    if not texts or len(small.to_document().encode()) <= _MOST_BYTES:
        return small, {}
    return small._replace(schemas={}), texts


def current_reference(schema: Mapping[str, Any]) -> str:
    """The reference of a schema's constraints; empty if they cannot be used."""
    try:
        return reference_of(constraints_text(schema))
    except ValueError:
        return ""


def unchecked_flows(source: Source) -> list[str]:
    """The flows of a source's routes whose schema could not be read."""
    if source.connection.data_type == "raw":
        return []
    return [
        name
        for name in sorted(source.destinations() & source.flows.keys())
        if not source.flows[name].checks
    ]


def check_warnings(source: Source) -> list[str]:
    """What of a source's messages is not checked before they are sent, or does not fit."""
    texts = [
        f"schema {source.flows[flow].schema_id} cannot be read or used, so messages of flow {flow} "
        "are not checked before they are sent; see `inlet doctor`"
        for flow in unchecked_flows(source)
    ]
    if source.namespaces is None:
        texts.append(
            "the identity namespaces of the sandbox cannot be read, so their spelling is not "
            "checked; see `inlet doctor`"
        )
        return texts
    named = declared_namespaces(source.routes)
    return texts + [
        missing_namespace(namespace, source.namespaces)
        for namespace in sorted(named.difference(source.namespaces))
        if source.namespaces
    ]


def missing_namespace(namespace: str, known: tuple[str, ...]) -> str:
    """Say that the sandbox does not have a namespace, what to do, and those that it has."""
    text = unknown_namespace(namespace, known)
    way = "Create it, or Adobe ignores the identity"
    text = f"{text} {way}" if text.endswith("?") else f"{text}; {way[0].lower()}{way[1:]}"
    return f"{text}. It has {listed(known)}"


def _checked(name: str, flow: Flow, schema: Mapping[str, Any]) -> tuple[Flow, str]:
    flow = flow._replace(behavior=schema_behavior(schema))
    try:
        text = constraints_text(schema)
    except ValueError as exc:
        extra = {"flow": name, "reason": f"schema {flow.schema_id} {exc}"}
        logger.warning("messages are not checked", extra=extra)
        return flow._replace(checks=""), ""
    return flow._replace(checks=reference_of(text)), text
