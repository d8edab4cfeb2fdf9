"""Say of an unknown namespace what a deployment says of it."""

from collections.abc import Iterable

from bridge.messages.declared_namespaces import declared_namespaces, unknown_namespace
from bridge.provisioning.sources.checks import missing_namespace
from bridge.sources.source import Source


def as_at_deployment(source: Source, warnings: Iterable[str]) -> tuple[str, ...]:
    """The warnings about a message, with the whole sentence for a namespace of its routes."""
    known = source.namespaces or ()
    whole = {
        unknown_namespace(each, known): missing_namespace(each, known)
        for each in declared_namespaces(source.routes).difference(known)
    }
    return tuple(whole.get(each, each) for each in warnings)
