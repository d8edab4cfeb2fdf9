"""Find names in expressions that a sample lacks, and that look like one that it has."""

import re
from collections.abc import Iterator
from typing import Final

from bridge.spelling import nearest
from inlet_bridge.mapping.expression_reader import ExpressionReader

_SIMILARITY: Final = 0.8
_DIGITS: Final = re.compile(r"\d+")


def misread_names(reader: ExpressionReader) -> Iterator[tuple[str, str]]:
    """The place of an expression, and a sentence, for each name that is spelled otherwise there.

    A name that an expression reads is no other spelling of one that is optional.

    Args:
        reader: that followed the expressions.
    """
    for (place, path, name), names in reader.missing.items():
        if close := nearest(name, names, similarity=_SIMILARITY):
            is_read = close in reader.known.get(path, ())
            if not is_read and _DIGITS.sub("", close) != _DIGITS.sub("", name):
                written = f"{place} reads {path}.{name}"
                yield place, f"{written}, which the sample does not have; is it {path}.{close}?"
