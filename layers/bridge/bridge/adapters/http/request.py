"""The head of an HTTP/1.1 request."""

import re
from collections.abc import Mapping

# A target that is no more than that (RFC 3986, 2): no space, nothing that ends a line.
_TARGET = re.compile(r"[!-~]+")
# What a line may hold: nothing that ends it, or a text in C (RFC 9110, 5.5).
_LINE = re.compile(r"[\t -~\x80-\xff]+")


def post_head(host: str, target: str, headers: Mapping[str, str], length: int) -> bytes:
    """The bytes of a POST before its content.

    Args:
        host: with its port where that is not the scheme's; a header `host` goes before it.
        target: path and query.
        headers: without those that depend on the content's length or form; names in any case,
            but `host`, which is in lower case.
        length: of the content, in bytes.

    Raises:
        ValueError: the target or a header cannot be sent; names the header and quotes nothing.
    """
    if not _TARGET.fullmatch(target):
        raise ValueError("the request's target cannot be sent")
    lines = [f"POST {target} HTTP/1.1", f"host: {headers.get('host', host)}"]
    # No coding is undone here, so none is asked for.
    lines += ("accept-encoding: identity", f"content-length: {length}")
    lines += [f"{name}: {value}" for name, value in headers.items() if name != "host"]
    for line in lines:
        if not _LINE.fullmatch(line):
            raise ValueError(f"the header {line.partition(':')[0]} cannot be sent")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
