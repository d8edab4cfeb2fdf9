"""Parameters that the signature schemes share: encodings, the signature and its timestamp."""

from typing import Literal, NamedTuple

type Algorithm = Literal["hmac-sha256", "hmac-sha1", "hmac-sha512", "sha256", "sha1"]
type KeyEncoding = Literal["utf8", "hex", "base64", "whsec", "sha1"]
type SignatureEncoding = Literal["hex", "base64", "base64url"]
type TimeUnit = Literal["s", "ms", "iso8601", "text"]

SIGNATURE_ITEM = "signature"
"""`Timestamp.from_` of a timestamp that is an item of the signature header."""


class Signature(NamedTuple):
    """Where the signatures are and how they are encoded; see `signature_header`.

    Attributes:
        from_: extractors such as `header:x-hub-signature-256`; the signatures of all are tried.
        separator: between the items of the text; empty when the text is one item.
        assignment: between an item's key and value; empty when an item is a signature.
        key: of the items that are signatures; other items are ignored.
        timestamp_key: of the item that is the timestamp.
        pattern: that the whole text must match, where the vendor's library accepts no other order
            and no further items; empty allows both.
        ignore_case: letters of hex may be in upper case.
    """

    from_: tuple[str, ...]
    encoding: SignatureEncoding = "hex"
    separator: str = ""
    assignment: str = ""
    key: str = ""
    timestamp_key: str = ""
    pattern: str = ""
    ignore_case: bool = False


class Timestamp(NamedTuple):
    """When the provider signed, and how far from the current time that may be.

    Attributes:
        from_: an extractor, or `signature` for an item of the signature header.
        unit: `text` is not parsed. Use it only for bodies that are JSON objects: moving bytes
            between timestamp and body under the same signature leaves no valid object.
        past_seconds, future_seconds: maximum age and maximum time ahead; None disables the check.
        inclusive: whether a webhook of exactly the maximum age is accepted.
        numeric: the provider signs the number, so that leading zeros of the text do not count.
    """

    from_: str
    unit: TimeUnit = "s"
    past_seconds: int | None = 300
    future_seconds: int | None = 300
    inclusive: bool = True
    numeric: bool = False
