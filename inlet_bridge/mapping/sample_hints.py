"""What the author of a source may not expect of its expressions, as a sample shows."""

from bridge.delivery.delivery import Delivery
from bridge.sources.source import Source
from inlet_bridge.mapping.compared_types import compared_types
from inlet_bridge.mapping.expression_reader import read_expressions
from inlet_bridge.mapping.negated_paths import negated_paths
from inlet_bridge.mapping.null_texts import null_texts
from inlet_bridge.mapping.privacy_paths import misread_paths
from inlet_bridge.mapping.unmet_conditions import unmet_conditions
from inlet_bridge.mapping.valueless_expressions import valueless_expressions


def sample_hints(
    source: Source, whole: Delivery, body: bytes, *, is_filtered: bool
) -> tuple[str, ...]:
    """Sentences on the expressions and the privacy rules of a source, each once.

    Args:
        source: with its routes.
        whole: the webhook of the sample, without a flow.
        body: of the sample.
        is_filtered: whether no route takes one of its events.
    """
    reader = read_expressions(source, whole)
    hints = [*negated_paths(source), *valueless_expressions(reader, source.provider)]
    hints += [*null_texts(reader), *compared_types(reader), *misread_paths(source.privacy, body)]
    if is_filtered:
        hints += unmet_conditions(source, whole)
    return tuple(dict.fromkeys(hints))
