"""Say which extractor a text in another form may mean; loaded only for one that is invalid."""

import re
from typing import Final

_KINDS: Final = {"body": "json", "header": "header", "headers": "header", "query": "query"}
_PATH: Final = re.compile(r"\$\.?([A-Za-z_][\w.]*)|(body|headers?|query)\.([\w.-]+)", re.ASCII)
_QUOTED: Final = re.compile(r"(body|headers?|query)\.\"([\w.-]+)\"", re.ASCII)
_HEADER: Final = re.compile(r"[A-Za-z]\w*(?:-\w+)+", re.ASCII)


def likely_extractor(text: str) -> str:
    """The extractor that is meant, as a question after a semicolon; empty if none is known."""
    meant = ""
    if found := _PATH.fullmatch(text):
        meant = f"json:{found[1]}" if found[1] else f"{_KINDS[found[2]]}:{found[3]}"
    elif found := _QUOTED.fullmatch(text):
        meant = f"{_KINDS[found[1]]}:{found[2]}"
    elif _HEADER.fullmatch(text):
        meant = f"header:{text}"
    return f"; is it {meant}?" if meant else ""
