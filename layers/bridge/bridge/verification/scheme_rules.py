"""Check a scheme for mistakes that would reject every request or accept any."""

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from bridge.errors import InvalidPropertyError
from bridge.verification.coverage import is_covered
from bridge.verification.handshake_pattern import parse_pattern
from bridge.verification.key_rules import check_address, check_jwt
from bridge.verification.public_key_scheme import PublicKeyAlgorithm, PublicKeyScheme
from bridge.verification.rule_checks import check_extractors, check_seconds, parse_property
from bridge.verification.scheme_parameters import (
    SIGNATURE_ITEM,
    Algorithm,
    Signature,
    Timestamp,
)
from bridge.verification.schemes import MacScheme, Scheme, SignedScheme
from bridge.verification.signed_content import parse_content, tokens

# A plain hash would need another content.
_KEYED = tuple(each for each in get_args(Algorithm.__value__) if each.startswith("hmac-"))


def check_scheme(scheme: Scheme) -> None:
    """Check that a scheme can verify webhooks and that nobody else can forge them.

    Raises:
        InvalidPropertyError: names the property, below `Scheme`.
    """
    match scheme.family:
        case "mac":
            _check_mac(scheme)
        case "pk":
            _check_public_key(scheme)
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
    _check_choices(scheme, _KEYED)
    if scheme.algorithm_key and not scheme.algorithm_from:
        raise InvalidPropertyError("Scheme.AlgorithmFrom", "is required with an AlgorithmKey")
    if scheme.body_sha256:
        check_extractors("Scheme.BodySha256", [scheme.body_sha256])
        if not is_covered(scheme._replace(body_sha256=""), scheme.body_sha256):
            raise InvalidPropertyError(
                "Scheme.BodySha256", "must be a value that Content signs, or anyone can set it"
            )
    if scheme.content_pattern:
        parse_property("Scheme.ContentPattern", parse_pattern, scheme.content_pattern)


def _check_public_key(scheme: PublicKeyScheme) -> None:
    signed = _check_signed(scheme)
    if "secret" in signed:
        raise InvalidPropertyError("Scheme.Content", "holds {secret}, but public keys have none")
    if scheme.address is not None:
        check_address(scheme.address, scheme.signature)
    _check_choices(scheme, get_args(PublicKeyAlgorithm.__value__))
    for index, choice in enumerate(scheme.algorithms):
        if not choice.rpartition("=")[0]:
            raise InvalidPropertyError(f"Scheme.Algorithms.{index}", "must be WORD=algorithm")


def _check_choices(scheme: SignedScheme, allowed: Sequence[str]) -> None:
    """Check the algorithms that a request can choose from."""
    if bool(scheme.algorithm_from) != bool(scheme.algorithms):
        raise InvalidPropertyError("Scheme.Algorithms", "must be set together with AlgorithmFrom")
    if scheme.algorithm_from:
        check_extractors("Scheme.AlgorithmFrom", [scheme.algorithm_from])
    for index, choice in enumerate(scheme.algorithms):
        if "=" not in choice or choice.rpartition("=")[2] not in allowed:
            raise InvalidPropertyError(
                f"Scheme.Algorithms.{index}", f"must be WORD=one of {', '.join(allowed)}"
            )


def _check_signed(scheme: SignedScheme, *others: tuple[str, Iterable[str]]) -> frozenset[str]:
    """Check the parameters that signature schemes share; returns the tokens of the content."""
    _check_signature(scheme.signature)
    signed = tokens(parse_property("Scheme.Content", parse_content, scheme.content))
    if signed <= {"secret"}:
        raise InvalidPropertyError("Scheme.Content", "must hold a token of the request")
    for path, templates in others:
        for template in templates:
            found = tokens(parse_property(path, parse_content, template))
            if _same_parts(found) != _same_parts(signed):
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


def _same_parts(signed: frozenset[str]) -> frozenset[str]:
    """The tokens by the part of the request that they cover."""
    # Names of tokens in Content, not secrets.
    return frozenset("url" if token == "decoded_url" else token for token in signed)  # noqa: S105


def _check_signature(signature: Signature) -> None:
    check_extractors("Scheme.Signature.From", signature.from_)
    if signature.assignment and not signature.key:
        raise InvalidPropertyError("Scheme.Signature.Key", "is required with an Assignment")
    if not signature.assignment and (signature.key or signature.timestamp_key):
        raise InvalidPropertyError("Scheme.Signature.Assignment", "is required with a key")
    if signature.pattern:
        parse_property("Scheme.Signature.Pattern", parse_pattern, signature.pattern)
    if signature.ignore_case and signature.encoding != "hex":
        raise InvalidPropertyError("Scheme.Signature.IgnoreCase", "is for hex only")


# Contentful always signs the timestamp header.
_INCLUDED_TIMESTAMPS: Mapping[str, str] = {"canonical:contentful": "header:x-contentful-timestamp"}


def _check_timestamp(timestamp: Timestamp, signature: Signature, signed: frozenset[str]) -> None:
    if timestamp.from_ == SIGNATURE_ITEM:
        if not signature.timestamp_key:
            raise InvalidPropertyError(
                "Scheme.Signature.TimestampKey", "is required with a Timestamp from signature"
            )
    else:
        check_extractors("Scheme.Timestamp.From", [timestamp.from_])
    in_body = timestamp.from_.startswith("json:") and "body" in signed
    included = any(_INCLUDED_TIMESTAMPS.get(token) == timestamp.from_ for token in signed)
    if "timestamp" not in signed and not in_body and not included:
        raise InvalidPropertyError(
            "Scheme.Content", "must hold {timestamp}, or anyone can replace the timestamp"
        )
    tolerances = (timestamp.past_seconds, timestamp.future_seconds)
    if timestamp.unit == "text" and tolerances != (None, None):
        raise InvalidPropertyError(
            "Scheme.Timestamp.Unit", "must be s, ms or iso8601 to be checked"
        )
    if timestamp.numeric and timestamp.unit not in {"s", "ms"}:
        raise InvalidPropertyError("Scheme.Timestamp.Numeric", "is for the units s and ms")
    check_seconds("Scheme.Timestamp.PastSeconds", timestamp.past_seconds)
    check_seconds("Scheme.Timestamp.FutureSeconds", timestamp.future_seconds)
