"""What makes a scheme sound beyond its types: mistakes that would refuse or accept everyone."""

from collections.abc import Callable, Iterable

from bridge.errors import InvalidPropertyError
from bridge.sources.content_template import parse_content, tokens
from bridge.sources.places import parse_place
from bridge.sources.schemes import SIGNATURE_ITEM, MacScheme, Scheme, Signature, Timestamp


def check_scheme(scheme: Scheme) -> None:
    """Check that webhooks can be verified by a scheme, and not be forged.

    Raises:
        InvalidPropertyError: names the property, below `Scheme`.
    """
    if not isinstance(scheme, MacScheme):
        _check_places("Scheme.From", scheme.from_)
        return
    _check_signature(scheme.signature)
    signed = tokens(_parsed("Scheme.Content", parse_content, scheme.content))
    if not scheme.algorithm.startswith("hmac-") and "secret" not in signed:
        raise InvalidPropertyError(
            "Scheme.Content", f"must hold {{secret}}, since {scheme.algorithm} takes no key"
        )
    if signed <= {"secret"}:
        raise InvalidPropertyError("Scheme.Content", "holds nothing of the request")
    for requirement in scheme.require:
        _check_places("Scheme.Require", [requirement.partition("=")[0]])
    if scheme.timestamp:
        _check_timestamp(scheme.timestamp, scheme.signature, signed)
    elif "timestamp" in signed:
        raise InvalidPropertyError(
            "Scheme.Timestamp", "is required, since Content holds {timestamp}"
        )


def _check_signature(signature: Signature) -> None:
    _check_places("Scheme.Signature.From", signature.from_)
    if signature.assignment and not signature.key:
        raise InvalidPropertyError("Scheme.Signature.Key", "is required with an Assignment")
    if not signature.assignment and (signature.key or signature.timestamp_key):
        raise InvalidPropertyError("Scheme.Signature.Assignment", "is required with a key")


def _check_timestamp(timestamp: Timestamp, signature: Signature, signed: frozenset[str]) -> None:
    if timestamp.from_ == SIGNATURE_ITEM:
        if not signature.timestamp_key:
            raise InvalidPropertyError(
                "Scheme.Signature.TimestampKey", "is required with a Timestamp from signature"
            )
    else:
        _check_places("Scheme.Timestamp.From", [timestamp.from_])
    in_body = timestamp.from_.startswith("json:") and "body" in signed
    if "timestamp" not in signed and not in_body:
        raise InvalidPropertyError(
            "Scheme.Content", "must hold {timestamp}, or anyone can make a new one up"
        )
    for name, seconds in (
        ("PastSeconds", timestamp.past_seconds),
        ("FutureSeconds", timestamp.future_seconds),
    ):
        if seconds is not None and seconds < 0:
            raise InvalidPropertyError(f"Scheme.Timestamp.{name}", "must be 0 or more, or none")


def _check_places(path: str, places: Iterable[str]) -> None:
    empty = True
    for place in places:
        empty = False
        _parsed(path, parse_place, place)
    if empty:
        raise InvalidPropertyError(path, "is required, such as header:x-signature")


def _parsed[Parsed](path: str, parse: Callable[[str], Parsed], text: str) -> Parsed:
    try:
        return parse(text)
    except ValueError as exc:
        raise InvalidPropertyError(path, str(exc)) from exc
