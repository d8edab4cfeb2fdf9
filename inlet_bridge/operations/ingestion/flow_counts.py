"""Attribute the webhooks of sources to flows, as far as the metrics of sources tell."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bridge.sources.source import Source


def flow_counts(
    sources: Iterable[Source], counts: Mapping[str, Mapping[str, int]]
) -> dict[str, Counter[str]]:
    """Sum up the counts of sources by `CONNECTION/FLOW`.

    A flow is left out if one of its sources leads to other flows too: metrics name the source only.

    Args:
        sources: all of the deployment.
        counts: by the name of the source and of the metric.
    """
    found: dict[str, Counter[str]] = {}
    shared: set[str] = set()
    for source in sources:
        names = {f"{source.connection.name}/{flow}" for flow in source.destinations()}
        if len(names) == 1:
            [name] = names
            found.setdefault(name, Counter()).update(counts.get(source.name, {}))
        else:
            shared |= names
    return {name: counted for name, counted in found.items() if name not in shared}
