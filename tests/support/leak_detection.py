"""What nobody may tell: words that tests plant wherever a secret or a person's data can stand.

`conftest.py` looks for them in all that was printed and logged during any test.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator

PLANTED = ("CANARY", "NEVERSEEN", "TOPSECRET", "canary@example.com")


def _in_base64(word: str) -> Iterator[str]:
    """What base64 makes of a word, wherever in a text it stands."""
    for before in range(3):
        encoded = b64encode(bytes(before) + word.encode()).decode()
        # The characters at both ends depend on the neighbours too.
        yield encoded[before + 1 if before else 0 : (before + len(word)) * 8 // 6]


_FORMS = (*PLANTED, *(form for word in PLANTED for form in _in_base64(word)))

# moto's own library tells every URL and body, and boto's and urllib3's debug lines what is sent;
# none of them logs at the level at which the functions run.
_OTHERS = ("responses:", "botocore.", "urllib3.", "moto.", "werkzeug:", "asyncio:")


def leaks(texts: Iterable[str]) -> Iterator[str]:
    """The lines that tell something planted."""
    for text in texts:
        for line in text.splitlines():
            if any(form in line for form in _FORMS) and not any(o in line for o in _OTHERS):
                yield line
