"""Detect leaks: tests plant these words in place of secrets and personal data.

`conftest.py` searches the output and the log of every test for them.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator

PLANTED = ("CANARY", "NEVERSEEN", "TOPSECRET", "canary@example.com")


def _in_base64(word: str) -> Iterator[str]:
    """The base64 encodings of a word at any offset in a text."""
    for before in range(3):
        encoded = b64encode(bytes(before) + word.encode()).decode()
        # The characters at both ends also depend on adjacent bytes.
        yield encoded[before + 1 if before else 0 : (before + len(word)) * 8 // 6]


_FORMS = (*PLANTED, *(form for word in PLANTED for form in _in_base64(word)))

# moto, boto and urllib3 log requests at the debug level, which the functions do not use.
_OTHERS = ("responses:", "botocore.", "urllib3.", "moto.", "werkzeug:", "asyncio:")


def leaks(texts: Iterable[str]) -> Iterator[str]:
    """The lines that contain a planted word."""
    for text in texts:
        for line in text.splitlines():
            if any(form in line for form in _FORMS) and not any(o in line for o in _OTHERS):
                yield line
