"""Recognize the path of a field of a webhook in a text."""

import re
from typing import Final

_PATH: Final = re.compile(r'(?:body|headers|query)(?:\.(?:\w+|"[^"]+")|\[[\d*]*\])+', re.ASCII)


def is_path(text: str) -> bool:
    """Whether a text is the path of a field of a webhook, such as `body.items[0].id`."""
    return _PATH.fullmatch(text) is not None
