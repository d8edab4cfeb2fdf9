"""Which parts of a request a proof covers: whoever changes another part needs no secret.

A signature covers what `content` names. A token, and a JSON Web Token without the body's hash,
cover no part but travel with every request: whoever could change one could make any, so all parts
count as covered.
"""

from typing import TYPE_CHECKING

from bridge.verification.extractors import EACH, Extractor, parse_extractor
from bridge.verification.schemes import SIGNATURE_ITEM
from bridge.verification.signed_content import parse_content, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.verification.schemes import Scheme, SignedScheme

SNS_FIELDS = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
"""What Amazon SNS signs of a notification; `MessageAttributes` and the addresses are not covered.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

_WHOLE_BODY = frozenset({"body", "crc32(body)", "canonical:contentful"})
_BODY_KINDS = frozenset({"json", "form", "xml"})
_CONTENTFUL_HEADERS = ("header:x-contentful-timestamp", "header:x-contentful-signed-headers")


def covers_everything(scheme: "Scheme") -> bool:
    """Whether every part of a request is as good as its proof."""
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


def covered_body_places(scheme: "Scheme") -> tuple[str, ...]:
    """The places of the body that are covered where the whole body is not.

    Empty where the whole body is covered, or all fields of a form (`{form_sorted}`).
    """
    if scheme.family not in {"mac", "pk"} or covers_body(scheme):
        return ()
    places = [
        place for place in covered_places(scheme) if parse_extractor(place).kind in _BODY_KINDS
    ]
    return tuple(sorted(places))


def signs_form_as_set(scheme: "Scheme") -> bool:
    """Whether all fields of a form are signed, in order and without repetitions."""
    return scheme.family in {"mac", "pk"} and "form_sorted" in _signed(scheme)


def covered_places(scheme: "SignedScheme") -> frozenset[str]:
    """The single places that the content names, one by one."""
    signed = _signed(scheme)
    places = {token.removesuffix("?") for token in signed if ":" in token} - {
        "canonical:sns",
        "canonical:contentful",
    }
    if scheme.timestamp and "timestamp" in signed and scheme.timestamp.from_ != SIGNATURE_ITEM:
        places.add(scheme.timestamp.from_)
    if "method" in signed:
        places.add("method")
    if "canonical:sns" in signed:
        places |= {f"json:{field}" for field in SNS_FIELDS}
    if "canonical:contentful" in signed:
        places |= {"method", *_CONTENTFUL_HEADERS}
    return frozenset(places)


def is_covered(scheme: "Scheme", place: str) -> bool:
    """Whether nobody can change what stands at a place without making the proof anew."""
    if covers_everything(scheme):
        return True
    kind = parse_extractor(place).kind
    if kind in _BODY_KINDS and covers_body(scheme):
        return True
    if scheme.family not in {"mac", "pk"}:
        return False
    signed = _signed(scheme)
    if kind == "form" and "form_sorted" in signed:
        return True
    if kind == "query" and signed & {"url", "canonical:contentful"}:
        return True
    wanted = parse_extractor(place)
    return any(
        _is_within(wanted, parsed) and len(wanted.path) == len(parsed.path)
        for parsed in map(parse_extractor, covered_places(scheme))
    )


def is_within(place: str, places: "Iterable[str]") -> bool:
    """Whether a place is one of some, or lies within one."""
    wanted = parse_extractor(place)
    return any(_is_within(wanted, parse_extractor(each)) for each in places)


def _is_within(wanted: Extractor, place: Extractor) -> bool:
    if (wanted.kind, wanted.name) != (place.kind, place.name):
        return False
    if len(wanted.path) < len(place.path):
        return False
    return all(
        step == other or (other == EACH and step.isdecimal())
        for step, other in zip(wanted.path, place.path, strict=False)
    )


def _signed(scheme: "SignedScheme") -> frozenset[str]:
    return tokens(parse_content(scheme.content))
