"""What nobody may tell: words that tests plant wherever a secret or a person's data can stand.

`conftest.py` looks for them in all that was printed and logged during any test.
"""

from collections.abc import Iterable, Iterator

PLANTED = ("CANARY", "NEVERSEEN", "TOPSECRET", "canary@example.com")

# moto's own library tells every URL and body, and boto's and urllib3's debug lines what is sent;
# none of them logs at the level at which the functions run.
_OTHERS = ("responses:", "botocore.", "urllib3.", "moto.", "werkzeug:", "asyncio:")


def leaks(texts: Iterable[str]) -> Iterator[str]:
    """The lines that tell something planted."""
    for text in texts:
        for line in text.splitlines():
            if any(word in line for word in PLANTED) and not any(o in line for o in _OTHERS):
                yield line
