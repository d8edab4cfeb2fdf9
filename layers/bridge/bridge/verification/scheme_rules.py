"""What makes a scheme sound beyond its types: mistakes that would refuse or accept everyone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import get_args

from bridge.errors import InvalidPropertyError
from bridge.verification.coverage import is_covered
from bridge.verification.handshake_pattern import pattern_language
from bridge.verification.key_rules import check_address, check_jwt
from bridge.verification.public_key_scheme import PkAlgorithm, PublicKeyScheme
from bridge.verification.rule_checks import check_extractors, check_seconds, parsed
from bridge.verification.schemes import (
    SIGNATURE_ITEM,
    MacScheme,
    Scheme,
    Signature,
    SignedScheme,
    Timestamp,
)
from bridge.verification.signed_content import parse_content, tokens


def check_scheme(scheme: Scheme) -> None:
    """Check that webhooks can be verified by a scheme, and not be forged.

    Raises:
        InvalidPropertyError: names the property, below `Scheme`.
    """
    match scheme.family:
        case "mac":
            _check_mac(scheme)
        case "pk":
            _check_pk(scheme)
        case "jwt":
            check_jwt(scheme)
        case "token":
            check_extractors("Scheme.From", scheme.from_)
        case "none":
            return


def _check_mac(scheme: MacScheme) -> None:
    signed = _check_signed(scheme, ("Scheme.OrContent", scheme.or_content))
    if not scheme.algorithm.startswith("hmac-") and "secret" not in signed:
        raise InvalidPropertyError(
            "Scheme.Content", f"must hold {{secret}}, since {scheme.algorithm} takes no key"
        )
    if scheme.body_sha256:
        check_extractors("Scheme.BodySha256", [scheme.body_sha256])
        if not is_covered(replace(scheme, body_sha256=""), scheme.body_sha256):
            raise InvalidPropertyError(
                "Scheme.BodySha256", "must be at a place that Content covers, or anyone can set it"
            )
    if scheme.content_pattern:
        parsed("Scheme.ContentPattern", pattern_language, scheme.content_pattern)


def _check_pk(scheme: PublicKeyScheme) -> None:
    signed = _check_signed(scheme)
    if "secret" in signed:
        raise InvalidPropertyError("Scheme.Content", "holds {secret}, but there is none")
    if scheme.address is not None:
        check_address(scheme.address, scheme.signature)
    if bool(scheme.algorithm_from) != bool(scheme.algorithms):
        raise InvalidPropertyError("Scheme.Algorithms", "goes with AlgorithmFrom")
    if scheme.algorithm_from:
        check_extractors("Scheme.AlgorithmFrom", [scheme.algorithm_from])
    allowed = get_args(PkAlgorithm.__value__)
    for index, choice in enumerate(scheme.algorithms):
        if choice.rpartition("=")[2] not in allowed or not choice.rpartition("=")[0]:
            raise InvalidPropertyError(
                f"Scheme.Algorithms.{index}", f"must be WORD=one of {', '.join(allowed)}"
            )


def _check_signed(scheme: SignedScheme, *others: tuple[str, Iterable[str]]) -> frozenset[str]:
    """The tokens of the content, once it is known to be sound."""
    _check_signature(scheme.signature)
    signed = tokens(parsed("Scheme.Content", parse_content, scheme.content))
    if signed <= {"secret"}:
        raise InvalidPropertyError("Scheme.Content", "holds nothing of the request")
    for path, templates in others:
        for template in templates:
            if tokens(parsed(path, parse_content, template)) != signed:
                raise InvalidPropertyError(path, "must hold the same tokens as Content")
    for requirement in scheme.require:
        check_extractors("Scheme.Require", [requirement.partition("=")[0]])
    if scheme.timestamp:
        _check_timestamp(scheme.timestamp, scheme.signature, signed)
    elif "timestamp" in signed:
        raise InvalidPropertyError(
            "Scheme.Timestamp", "is required, since Content holds {timestamp}"
        )
    return signed


def _check_signature(signature: Signature) -> None:
    check_extractors("Scheme.Signature.From", signature.from_)
    if signature.assignment and not signature.key:
        raise InvalidPropertyError("Scheme.Signature.Key", "is required with an Assignment")
    if not signature.assignment and (signature.key or signature.timestamp_key):
        raise InvalidPropertyError("Scheme.Signature.Assignment", "is required with a key")


# The time is among the headers that Contentful signs, whichever else they are.
_HOLD_THE_TIME: Mapping[str, str] = {"canonical:contentful": "header:x-contentful-timestamp"}


def _check_timestamp(timestamp: Timestamp, signature: Signature, signed: frozenset[str]) -> None:
    if timestamp.from_ == SIGNATURE_ITEM:
        if not signature.timestamp_key:
            raise InvalidPropertyError(
                "Scheme.Signature.TimestampKey", "is required with a Timestamp from signature"
            )
    else:
        check_extractors("Scheme.Timestamp.From", [timestamp.from_])
    in_body = timestamp.from_.startswith("json:") and "body" in signed
    in_canon = any(_HOLD_THE_TIME.get(token) == timestamp.from_ for token in signed)
    if "timestamp" not in signed and not in_body and not in_canon:
        raise InvalidPropertyError(
            "Scheme.Content", "must hold {timestamp}, or anyone can make a new one up"
        )
    tolerances = (timestamp.past_seconds, timestamp.future_seconds)
    if timestamp.unit == "text" and tolerances != (None, None):
        raise InvalidPropertyError(
            "Scheme.Timestamp.Unit", "must be s, ms or iso8601 to be checked"
        )
    check_seconds("Scheme.Timestamp.PastSeconds", timestamp.past_seconds)
    check_seconds("Scheme.Timestamp.FutureSeconds", timestamp.future_seconds)
