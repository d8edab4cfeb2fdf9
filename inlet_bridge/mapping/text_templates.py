"""Find texts of a Map that are templates of another language, which are sent as they are."""

from collections.abc import Iterator

from bridge.messages.expression_tree import texts_in
from bridge.messages.jmespath_numbers import ExactParser
from bridge.messages.text_templates import joined
from bridge.sources.route_expressions import target_expressions
from bridge.sources.source import Source


def text_templates(source: Source) -> Iterator[str]:
    """A sentence for each expression with such a text, and how it is written."""
    for index, route in enumerate(source.routes):
        for place, expression in target_expressions(index, route):
            for text in texts_in(ExactParser().parse(expression).parsed):
                if way := joined(text):
                    json = "; backticks hold JSON" if f"`{text}`" in expression else ""
                    yield f"{place} has a text in which nothing is replaced{json}: write {way}"
