"""Which parts of a request the signature covers; others can be changed without the secret.

A signature covers what `content` names. A token, and a JSON Web Token without the body's hash,
sign no part but are in every request: who can change a request can also forge one, so all parts
count as covered.
"""

from typing import TYPE_CHECKING

from bridge.verification.extractors import EACH, Extractor, parse_extractor
from bridge.verification.scheme_parameters import SIGNATURE_ITEM
from bridge.verification.signed_content import parse_content, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.verification.schemes import Scheme, SignedScheme

SNS_FIELDS = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
"""Fields of a notification that Amazon SNS signs; `MessageAttributes` and the URLs are not signed.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

_WHOLE_BODY = frozenset({"body", "body_sha256", "crc32(body)", "canonical:contentful"})
_BODY_KINDS = frozenset({"json", "form", "xml", "body_sha256"})
_CONTENTFUL_HEADERS = ("header:x-contentful-timestamp", "header:x-contentful-signed-headers")


def covers_everything(scheme: "Scheme") -> bool:
    """Whether every part of a request counts as covered."""
    match scheme.family:
        case "mac" | "pk":
            return False
        case "jwt":
            return not scheme.body_sha256
        case _:
            return True


def covers_body(scheme: "Scheme") -> bool:
    """Whether every byte of the body is covered."""
    match scheme.family:
        case "mac":
            return bool(scheme.body_sha256) or bool(_signed(scheme) & _WHOLE_BODY)
        case "pk":
            return bool(_signed(scheme) & _WHOLE_BODY)
        case _:
            return True


def covered_body_extractors(scheme: "Scheme") -> tuple[str, ...]:
    """Extractors of the signed parts of the body where the whole body is not signed.

    Empty where the whole body is covered, or all fields of a form (`{form_sorted}`).
    """
    if scheme.family not in {"mac", "pk"} or covers_body(scheme):
        return ()
    return tuple(
        sorted(
            extractor
            for extractor in covered_extractors(scheme)
            if parse_extractor(extractor).kind in _BODY_KINDS
        )
    )


def signs_form_as_set(scheme: "Scheme") -> bool:
    """Whether all fields of a form are signed, sorted and without repetitions."""
    return scheme.family in {"mac", "pk"} and "form_sorted" in _signed(scheme)


def covered_extractors(scheme: "SignedScheme") -> frozenset[str]:
    """Extractors of the single values that the content names."""
    signed = _signed(scheme)
    covered = {token.removesuffix("?") for token in signed if ":" in token} - {
        "canonical:sns",
        "canonical:contentful",
    }
    if scheme.timestamp and "timestamp" in signed and scheme.timestamp.from_ != SIGNATURE_ITEM:
        covered.add(scheme.timestamp.from_)
    if "method" in signed:
        covered.add("method")
    if "canonical:sns" in signed:
        covered |= {f"json:{field}" for field in SNS_FIELDS}
    if "canonical:contentful" in signed:
        covered |= {"method", *_CONTENTFUL_HEADERS}
    return frozenset(covered)


def is_covered(scheme: "Scheme", extractor: str) -> bool:
    """Whether the extracted value cannot be changed without a new signature."""
    if covers_everything(scheme):
        return True
    wanted = parse_extractor(extractor)
    kind = wanted.kind
    if kind in _BODY_KINDS and covers_body(scheme):
        return True
    if scheme.family not in {"mac", "pk"}:
        return _is_claim(scheme, wanted)
    signed = _signed(scheme)
    if kind == "form" and "form_sorted" in signed:
        return True
    if kind == "query" and signed & {"url", "canonical:contentful"}:
        return True
    return any(
        _is_within(wanted, parsed) and len(wanted.path) == len(parsed.path)
        for parsed in map(parse_extractor, covered_extractors(scheme))
    )


def _is_claim(scheme: "Scheme", wanted: Extractor) -> bool:
    """Whether it is a claim of the token that proves the sender."""
    if scheme.family != "jwt" or wanted.kind != "claim":
        return False
    return f"header:{wanted.name}" in {place.lower() for place in scheme.from_}


def is_within(extractor: str, others: "Iterable[str]") -> bool:
    """Whether an extractor equals one of the others or selects a part of its value."""
    wanted = parse_extractor(extractor)
    return any(_is_within(wanted, parse_extractor(each)) for each in others)


def _is_within(wanted: Extractor, other: Extractor) -> bool:
    if (wanted.kind, wanted.name) != (other.kind, other.name):
        return False
    if len(wanted.path) < len(other.path):
        return False
    return all(
        step == outer or (outer == EACH and step.isdecimal())
        for step, outer in zip(wanted.path, other.path, strict=False)
    )


def _signed(scheme: "SignedScheme") -> frozenset[str]:
    return tokens(parse_content(scheme.content))
