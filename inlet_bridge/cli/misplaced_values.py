"""Recognize a file or a URL where a command takes a name."""

import re
from pathlib import Path
from typing import Final

_URL: Final = re.compile(r"https?://", re.IGNORECASE)
_FORMATS: Final = frozenset({".json", ".jsonl", ".xml", ".txt", ".yaml", ".yml"})


def is_file_name(text: str) -> bool:
    """Whether a text names a file: one that exists, or that ends as files of webhooks do."""
    path = Path(text)
    try:
        return path.suffix.lower() in _FORMATS or path.is_file()
    except (OSError, ValueError):  # Too long, or with a null byte.
        return False


def is_url(text: str) -> bool:
    """Whether a text is a URL of HTTP."""
    return _URL.match(text) is not None
