"""Format the head of an HTTP/1.1 request."""

import re
from collections.abc import Mapping

# A valid target (RFC 3986, 2): no space and no line end.
_TARGET = re.compile(r"[!-~]+")
# A valid header line (RFC 9110, 5.5): no line end and no NUL.
_LINE = re.compile(r"[\t -~\x80-\xff]+")


def request_head(
    method: str, host: str, target: str, headers: Mapping[str, str], length: int
) -> bytes:
    """The bytes of a request before its content.

    Args:
        method: POST or PUT.
        host: with its port unless it is the default one; a header `host` overrides it.
        target: path and query.
        headers: without those for the length or encoding of the content; names in any case,
            except `host`, which is in lower case.
        length: of the content, in bytes.

    Raises:
        ValueError: the target or a header is invalid; names the header without quoting a value.
    """
    if not _TARGET.fullmatch(target):
        raise ValueError("the request target is invalid")
    lines = [f"{method} {target} HTTP/1.1", f"host: {headers.get('host', host)}"]
    # Responses are not decoded.
    lines += ("accept-encoding: identity", f"content-length: {length}")
    lines += [f"{name}: {value}" for name, value in headers.items() if name != "host"]
    for line in lines:
        if not _LINE.fullmatch(line):
            raise ValueError(f"the header {line.partition(':')[0]} is invalid")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
