"""Write a request as a command of curl that any POSIX shell reads as it is meant.

The command has visible ASCII and printable letters only, one option to a line: a page replaces
invisible characters, and what is copied has to send the very bytes. So a body with other
characters, line breaks among them, is written by `printf`, whose format has octal escapes:
https://pubs.opengroup.org/onlinepubs/9799919799/utilities/printf.html
"""

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from inlet_bridge.plain_text import plain

MOST_BODY_BYTES: Final = 60_000
# RFC 9110, 5.6.2: others cannot be names of headers, and curl reads `@name` as a file.
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# curl would send a line break in a value as the end of the header.
_NO_VALUE: Final = re.compile(r"[\0\r\n]")
# What a format, the quotes around it, or the history of an interactive shell would read otherwise.
_ESCAPED: Final = {
    "%": "%%",
    "!": r"\041",
    "\\": r"\\",
    "'": r"\047",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
}


@dataclass(frozen=True, slots=True)
class CurlRequest:
    """A request that the command sends.

    Attributes:
        host: for the header Host, if it is not that of the URL; empty otherwise.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    host: str = ""
    method: str = "POST"


def curl_command(request: CurlRequest) -> str:
    """The command. A body over 60 kB is read from the file `body`, which the user has to save."""
    parts = [f"curl --globoff --request {_quoted(request.method)}"]
    parts += _headers(request)
    parts.append(_quoted(request.url))
    if len(request.body) > MOST_BODY_BYTES:
        return _joined([*parts, "--data-binary @body"])
    if not request.body:
        return _joined([*parts, "--data-raw ''"])
    text = _visible(request.body)
    if text is not None:
        return _joined([*parts, f"--data-raw {shlex.quote(text)}"])
    # A line may end after `|`: POSIX, 2.10.2, `linebreak`.
    return f"printf -- '{_octal(request.body)}' |\n{_joined([*parts, '--data-binary @-'])}"


def _headers(request: CurlRequest) -> Iterable[str]:
    given = {name.lower(): value for name, value in request.headers.items()}
    if request.host:
        given["host"] = request.host
    # Without it, curl says that the body is a form.
    given.setdefault("content-type", "")
    for name, value in sorted(given.items()):
        if not _NAME.fullmatch(name) or _NO_VALUE.search(value):
            continue
        # `name;` sends an empty header, and `name:` none: https://curl.se/docs/manpage.html#-H
        line = f"{name}: {value}" if value else f"{name}{':' if name == 'content-type' else ';'}"
        yield f"--header {_quoted(line)}"


def _joined(parts: Iterable[str]) -> str:
    """One command on several lines."""
    return " \\\n  ".join(parts)


def _quoted(text: str) -> str:
    """A word of the command. Values of headers have no line break at their end."""
    content = text.encode(errors="surrogateescape")
    if (shown := _visible(content)) is not None:
        return shlex.quote(shown)
    return f"\"$(printf -- '{_octal(content)}')\""


def _visible(content: bytes) -> str | None:
    """The bytes as a text that a page shows as it is; None if they are none."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return text if plain(text) == text else None


def _octal(content: bytes) -> str:
    """A format of `printf` that writes the bytes, without quotes and line breaks."""
    return "".join(map(_format_of, content))


def _format_of(byte: int) -> str:
    sign = chr(byte)
    if sign in _ESCAPED:
        return _ESCAPED[sign]
    return sign if sign.isascii() and sign.isprintable() else f"\\{byte:03o}"
