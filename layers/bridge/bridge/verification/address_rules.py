"""Check that a URL pattern matches only hosts of the provider."""

import re
from collections.abc import Iterator

from bridge.errors import InvalidPropertyError
from bridge.verification.rule_checks import compile_pattern, parse_property

# The host of a pattern may consist of letters, digits and hyphens, escaped dots, classes of
# these, groups and quantifiers. None of them matches a delimiter of the host (RFC 3986, 3.2):
# `/`, `:`, `?`, `#` or `@`.
_HOST = re.compile(
    r"(?: [A-Za-z0-9-] | \\[.-] | \[[A-Za-z0-9-]+\] | \((?:\?[:=!])? | [)|*+?] | \{[0-9,]+\} )+",
    re.VERBOSE,
)
# One host, and a path and query in which only classes vary that match no delimiter and no dot.
_EXACT = re.compile(
    r"https:// (?: [A-Za-z0-9-] | \\[.-] )+ /"
    r"(?: [A-Za-z0-9/_=&~-] | \\[^A-Za-z0-9] | \[[A-Za-z0-9_~-]+\] (?: [+*] | \{[0-9,]+\} )? )*",
    re.VERBOSE,
)
# Hosts that no provider owns. A pattern that matches one of them is too broad.
_UNRELATED = tuple(
    f"{name}.{domain}"
    for name in ("unrelated", "q7-unrelated", "q7.unrelated")
    for domain in ("invalid", "com", "net", "org", "io", "dev", "cn", "co.uk")
)


def check_address_pattern(path: str, text: str, *, allow_http: bool = False) -> None:
    """Check a pattern that is matched against whole URLs.

    Args:
        path: the property.
        text: the pattern; alternatives are checked one by one.
        allow_http: also allow http.

    Raises:
        InvalidPropertyError: it is not a pattern, or matches hosts of other owners.
    """
    parse_property(path, compile_pattern, text)
    schemes = ("https://", "http://") if allow_http else ("https://",)
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


def is_exact_address(text: str) -> bool:
    """Whether a valid pattern matches one host and path, in which only names and ids vary."""
    return _EXACT.fullmatch(text) is not None


def _alternatives(text: str) -> Iterator[str]:
    """Split at the `|` that are outside of groups and classes."""
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
