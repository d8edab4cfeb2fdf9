"""The form of a source's refusals, where the provider demands another than problem details."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """The body of each response that accepts nothing: 401, 413, 415, 429 and 503.

    Attributes:
        status: in place of 401.
        content_type: of the body.
        body: literal text.
    """

    status: int = 401
    content_type: str = ""
    body: str = ""
