"""What lists show of the sources that are configured."""

from dataclasses import dataclass
from typing import Any

from bridge.sources.source import Source
from inlet_bridge.operations.deployed import Deployed


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """Of one source.

    Attributes:
        provider: its preset; empty if its document cannot be read.
        accepted: the HTTP status of its own acknowledgement; 0 for the default one.
        unauthorized: the HTTP status of its own refusals; 0 for 401.
        is_queue: whether it receives events, whose senders get no response.
    """

    provider: str = ""
    accepted: int = 0
    unauthorized: int = 0
    is_queue: bool = False


def source_facts(deployed: Deployed) -> dict[str, SourceFacts]:
    """The sources by name, in the order of their names."""
    path = f"{deployed.prefix}/sources"
    client: Any = deployed.ssm
    pages = client.get_paginator("get_parameters_by_path").paginate(Path=path)
    found = {
        one["Name"].removeprefix(f"{path}/"): _facts(one["Value"])
        for page in pages
        for one in page["Parameters"]
    }
    return dict(sorted(found.items()))


def _facts(document: str) -> SourceFacts:
    try:
        source = Source.from_document(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        return SourceFacts()
    return SourceFacts(
        source.provider,
        source.acknowledgement.status if source.acknowledgement else 0,
        source.refusal.status if source.refusal else 0,
        source.scheme.family == "iam",
    )
