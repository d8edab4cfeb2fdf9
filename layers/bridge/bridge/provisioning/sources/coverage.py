"""Determine which parts of a request may reach a message: signed ones and those in `Unsigned`."""

from collections.abc import Iterable, Sequence

from bridge.errors import InvalidPropertyError
from bridge.messages.expression_tree import Reads
from bridge.provisioning.sources.properties import SourceProperties
from bridge.sources.route import WHOLE_BODY, Coverage
from bridge.sources.source import Source
from bridge.verification.catalogue import PRESETS
from bridge.verification.coverage import (
    covered_body_extractors,
    covers_body,
    covers_everything,
    is_covered,
    is_within,
    signs_form_as_set,
)
from bridge.verification.declaration import Declared
from bridge.verification.extractors import parse_extractor
from bridge.verification.identification import extractors_of
from bridge.verification.schemes import Scheme

REQUEST_ID = "header:x-amzn-trace-id"
"""The extractor of an id that API Gateway gives each request."""

_BODY_KINDS = frozenset({"json", "form", "xml"})


def declared_coverage(properties: SourceProperties, declared: Declared) -> Coverage:
    """The parts of a body that are forwarded.

    Raises:
        InvalidPropertyError: there are none, or they cannot be separated.
    """
    scheme = declared.scheme
    if covers_body(scheme):
        return Coverage()
    if signs_form_as_set(scheme):
        return Coverage(body=False, as_set=True)
    signed = covered_body_extractors(scheme)
    unsigned = tuple(
        extractor
        for extractor in (*declared.unsigned, *properties.unsigned)
        if extractor == WHOLE_BODY or parse_extractor(extractor).kind in _BODY_KINDS
    )
    if WHOLE_BODY not in unsigned:
        if not signed and not unsigned:
            raise InvalidPropertyError(
                "Unsigned",
                "is required, since Scheme.Content covers nothing of the body: list the extractors "
                "that may reach a message, such as json:data, or body for all of it",
            )
        if any(parse_extractor(extractor).kind == "xml" for extractor in (*signed, *unsigned)):
            raise InvalidPropertyError(
                "Unsigned", "must contain body: single parts of XML cannot be forwarded"
            )
    return Coverage(body=False, signed=signed, unsigned=unsigned)


def check_parts(read: Reads, scheme: Scheme, unsigned: Iterable[str]) -> None:
    """Reject expressions that read unsigned headers or query parameters.

    Args:
        read: what expressions read.
        scheme: of the source.
        unsigned: extractors that the source or its preset allows in addition.

    Raises:
        InvalidPropertyError: names the first one and its extractor.
    """
    allowed = [extractor for extractor in unsigned if extractor != WHOLE_BODY]
    parts = [(f"header {name}", f"header:{name}") for name in sorted(read.headers)]
    parts += [(f"query parameter {name}", f"query:{name}") for name in sorted(read.query)]
    for part, extractor in parts:
        if not is_covered(scheme, extractor) and not is_within(extractor, allowed):
            raise InvalidPropertyError(
                "Routes",
                f"may not read {part}: the signature does not cover it, so anyone with one "
                f"genuine request can change it; allow that with Unsigned: [{extractor}]",
            )


def key_recipe(properties: SourceProperties, declared: Declared) -> tuple[tuple[str, ...], bool]:
    """The recipe of the delivery id, and whether the signed content replaces it as the key.

    Raises:
        InvalidPropertyError: `ReplayProtection: strict` for a sender without a signature, or
            with a limit of how long content counts.
    """
    strict = properties.replay_protection == "strict"
    if strict and properties.duplicate_content_seconds is not None:
        raise InvalidPropertyError(
            "DuplicateContentSeconds", "cannot be combined with ReplayProtection: strict"
        )
    if properties.duplicate_content_seconds == 0:
        return (*declared.delivery_id, REQUEST_ID), False
    if strict and covers_everything(declared.scheme):
        raise InvalidPropertyError(
            "ReplayProtection", "must be standard: this sender signs no part of a request"
        )
    by_content = strict or (declared.by_content and properties.delivery_id is None)
    if not by_content:
        return declared.delivery_id, False
    covered = [
        alternative
        for alternative in declared.delivery_id
        if all(is_covered(declared.scheme, extractor) for extractor in extractors_of(alternative))
    ]
    return tuple(covered), True


def coverage_warnings(source: Source) -> list[str]:
    """Warnings about the parts that the signature or credential of a source does not cover."""
    preset = PRESETS.get(source.provider)
    known = () if preset is None else preset.unsigned
    used = [*_recipe_extractors(source), *(f"header:{name}" for name in source.headers)]
    used += [f"query:{name}" for name in source.query]
    used += [extractor for extractor in source.coverage.unsigned if extractor != WHOLE_BODY]
    uncovered = dict.fromkeys(
        extractor
        for extractor in used
        if extractor != REQUEST_ID
        and not is_covered(source.scheme, extractor)
        and not is_within(extractor, known)
    )
    texts = [
        f"source {source.name} uses {extractor}, which the signature does not cover: anyone with "
        "one genuine request can send it again with another value"
        for extractor in uncovered
    ]
    by_request = REQUEST_ID in source.delivery_id and not is_within(REQUEST_ID, known)
    period = 0 if by_request else source.content_seconds
    if period is not None and not _is_age_limited(source.scheme, period):
        texts.append(
            f"source {source.name} accepts a captured request again after {period} s, since its "
            "signature has no time that is checked, or may be older"
        )
    if WHOLE_BODY in source.coverage.unsigned:
        texts.append(
            f"source {source.name} forwards the whole body, which the signature does not cover"
        )
    return texts


def _is_age_limited(scheme: Scheme, seconds: int) -> bool:
    """Whether every accepted signature is at most so old, or the request is not signed anyway."""
    match scheme.family:
        case "mac" | "pk":
            past = scheme.timestamp.past_seconds if scheme.timestamp else None
        case "jwt" if scheme.body_sha256:
            past = scheme.max_age_seconds
        case _:
            return True
    return past is not None and past <= seconds


def _recipe_extractors(source: Source) -> Iterable[str]:
    recipes: Sequence[tuple[str, ...]] = (source.delivery_id, source.event_type, source.sent_at)
    for recipe in recipes:
        for alternative in recipe:
            yield from extractors_of(alternative)
