"""The flows of this deployment and the datasets that they write to, from the chains' records."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.names import resources_path


@dataclass(frozen=True, slots=True)
class Producers:
    """Who of the producers of a dataset is ours.

    Attributes:
        datasets: the datasets that our flows write to.
        flows: `CONNECTION/FLOW` by the id of the flow.
        written: the dataset by `CONNECTION/FLOW`.
        sources: the connection by the `source.name` of its messages. It stays the same when a flow
            is replaced.
    """

    datasets: frozenset[str]
    flows: Mapping[str, str]
    sources: Mapping[str, str]
    written: Mapping[str, str] = field(default_factory=dict)


def producers_of(stage: str, parameters: Mapping[str, str]) -> Producers:
    """Read the parameters below the path of the connections; see `provisioning.chain.record`."""
    prefix = f"{resources_path(stage, 'connections')}/"
    written: dict[str, str] = {}
    flows: dict[str, str] = {}
    sources: dict[str, str] = {}
    for name, value in parameters.items():
        match name.removeprefix(prefix).split("/"):
            case [connection, "source_id"]:
                sources[value] = connection
            case [connection, "flows", flow, "flow_id"]:
                flows[value] = f"{connection}/{flow}"
            case [connection, "flows", flow, "dataset_id"]:
                written[f"{connection}/{flow}"] = value
    return Producers(frozenset(written.values()), flows, sources, written)
