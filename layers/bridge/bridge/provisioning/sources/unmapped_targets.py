"""Warn of a provider's webhooks that are sent as they are to a flow whose schema is XDM."""

from collections.abc import Iterator

from bridge.sources.source import Source
from bridge.verification.declaration import CUSTOM


def unmapped_warnings(source: Source) -> Iterator[str]:
    """A sentence for each target without a Map whose schema is known.

    No provider's webhook has the form of an XDM schema. A sender of one's own, with a `Scheme` or
    events of AWS, may send it.
    """
    is_own = source.provider in ("", CUSTOM) or source.scheme.family == "iam"
    if source.connection.data_type == "raw" or is_own:
        return
    unmapped = (
        target.flow for route in source.routes for target in route.targets if not target.map
    )
    for flow in dict.fromkeys(unmapped):
        if flow in source.flows and source.flows[flow].checks:
            yield (
                f"source {source.name} has no Map for flow {flow}: the body itself is the message,"
                " and becomes a dead letter unless it fits the dataset's XDM schema. Write a Map in"
                f" Routes; if there is a recipe, `inlet recipes {source.provider}` shows one"
            )
