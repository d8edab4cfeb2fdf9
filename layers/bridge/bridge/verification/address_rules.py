"""What makes a pattern of addresses sound: nobody but the provider has a host that matches it."""

import re
from collections.abc import Iterator

from bridge.errors import InvalidPropertyError
from bridge.verification.rule_checks import parsed, pattern

# What the host of a pattern is made of: letters, digits and hyphens, escaped dots, classes of
# these, groups and quantifiers. None of them matches what ends a host (RFC 3986, 3.2): a slash,
# a colon, a question mark, a number sign or, before it, an at sign.
_HOST = re.compile(
    r"(?: [A-Za-z0-9-] | \\[.-] | \[[A-Za-z0-9-]+\] | \((?:\?[:=!])? | [)|*+?] | \{[0-9,]+\} )+",
    re.VERBOSE,
)
# Hosts that no provider has. A pattern that matches one of them matches other people's, too.
_UNRELATED = tuple(
    f"{name}.{domain}"
    for name in ("unrelated", "q7-unrelated", "q7.unrelated")
    for domain in ("invalid", "com", "net", "org", "io", "dev", "cn", "co.uk")
)


def check_address_pattern(path: str, text: str, *, plain: bool = False) -> None:
    """Check a pattern of whole addresses.

    Args:
        path: the property.
        text: the pattern; alternatives are checked one by one.
        plain: whether they may be of http.

    Raises:
        InvalidPropertyError: it is no pattern, or its host could be anybody's.
    """
    parsed(path, pattern, text)
    schemes = ("https://", "http://") if plain else ("https://",)
    for alternative in _alternatives(text):
        scheme = next((each for each in schemes if alternative.startswith(each)), "")
        host, slash, _ = alternative.removeprefix(scheme).partition("/")
        if not scheme or not slash or not _HOST.fullmatch(host) or not _is_pattern(host):
            raise InvalidPropertyError(
                path,
                f"must name the provider's host: {' or '.join(schemes)}, then labels with \\. "
                r"between them, then / and the path, such as https://keys\.example\.com/.*",
            )
        if any(re.fullmatch(host, unrelated) for unrelated in _UNRELATED):
            raise InvalidPropertyError(path, "must name the provider's host, not any host")


def _alternatives(text: str) -> Iterator[str]:
    """What stands between the bars outside of groups and classes."""
    begin = depth = 0
    in_class = escaped = False
    for index, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0:
            yield text[begin:index]
            begin = index + 1
    yield text[begin:]


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
