"""Which values authenticate a sender, and so are not shown."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

MASKED: Final = "***"
# Names of what authenticates a sender; providers name their own.
_SECRET: Final = re.compile(
    r"assertion|auth|bearer|cookie|credential|csrf|hmac|jwt|pass(code|phrase|wd|word)|pass$|pwd"
    r"|secret|session|sig(nature)?(?![a-z])|token|^(x-)?key$"
    r"|(access|account|api|app|client|functions?|license|private|shared|signing|subscription|user)"
    r"[-_]?key",
    re.IGNORECASE,
)
_IN_BODIES: Final = ("json", "form")
_OUTSIDE: Final = ("header", "query")


def is_secret(name: str, scheme: Any = None) -> bool:
    """Whether the value of a header or query parameter may authenticate its sender."""
    named = (each for kind, each in _places(scheme) if kind in _OUTSIDE)
    patterns = [one.lower() for each in named for one in each.split("|")]
    return bool(_SECRET.search(name)) or any(fnmatchcase(name.lower(), one) for one in patterns)


def secret_paths(scheme: Any) -> tuple[str, ...]:
    """Where a body has the token or the signature of the scheme, as paths of `Privacy`."""
    return tuple(each for kind, each in _places(scheme) if kind in _IN_BODIES)


def shown_values(
    values: Mapping[str, str | list[str]], scheme: Any = None
) -> tuple[tuple[str, str], ...]:
    """Names and values, sorted; secret ones are masked, of repeated ones each value is shown.

    Args:
        values: by name.
        scheme: of the source, whose credentials are masked.
    """
    return tuple(
        (name, MASKED if is_secret(name, scheme) else each)
        for name, value in sorted(values.items())
        for each in (value if isinstance(value, list) else [value])
    )


def _places(scheme: Any) -> list[tuple[str, str]]:
    """The kinds and names of the extractors of a scheme's credentials."""
    signature = getattr(scheme, "signature", None)
    found = [*getattr(scheme, "from_", ()), *getattr(signature, "from_", ())]
    split = (each.partition(":") for each in found if isinstance(each, str))
    return [(kind, name) for kind, _, name in split if name]
