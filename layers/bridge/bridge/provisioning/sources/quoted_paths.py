"""Warn of a path in quotes, which is a text in place of a field."""

from collections.abc import Iterator

from bridge.messages.expression_tree import texts_in
from bridge.messages.jmespath_numbers import ExactParser
from bridge.provisioning.sources.constant_conditions import uncompared_texts
from bridge.provisioning.sources.webhook_paths import is_path
from bridge.sources.route_expressions import event_expressions
from bridge.sources.source import Source


def quoted_path_warnings(source: Source) -> Iterator[str]:
    """A sentence for each text of an expression that is the path of a field.

    One that is a condition itself has a warning of its own.
    """
    for place, expression in event_expressions(source.item_id, source.routes):
        known = uncompared_texts(expression) if place.endswith(".When") else []
        for path in dict.fromkeys(quoted_paths(expression)):
            if path not in known:
                yield (
                    f"{place} of source {source.name} has the text '{path}' in place of the field:"
                    f" remove the single quotes around {path}"
                )


def quoted_paths(expression: str) -> Iterator[str]:
    """The texts of a valid expression that are paths, such as `body.id`."""
    return (each for each in texts_in(ExactParser().parse(expression).parsed) if is_path(each))
