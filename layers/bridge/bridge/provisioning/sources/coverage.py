"""What may reach a message: parts that the proof covers, and those that are named beside."""

from collections.abc import Iterable, Sequence

from bridge.errors import InvalidPropertyError
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

_BODY_KINDS = frozenset({"json", "form", "xml"})


def declared_coverage(read: SourceProperties, declared: Declared) -> Coverage:
    """What of a body is forwarded.

    Raises:
        InvalidPropertyError: nothing would be, or it cannot be told apart.
    """
    scheme = declared.scheme
    if covers_body(scheme):
        return Coverage()
    if signs_form_as_set(scheme):
        return Coverage(body=False, as_set=True)
    signed = covered_body_extractors(scheme)
    beside = tuple(
        place
        for place in (*declared.unsigned, *read.unsigned)
        if place == WHOLE_BODY or parse_extractor(place).kind in _BODY_KINDS
    )
    if WHOLE_BODY not in beside:
        if not signed and not beside:
            raise InvalidPropertyError(
                "Unsigned",
                "is required, since Scheme.Content covers nothing of the body: list the places "
                "that may reach a message, such as json:data, or body for all of it",
            )
        if any(parse_extractor(place).kind == "xml" for place in (*signed, *beside)):
            raise InvalidPropertyError(
                "Unsigned", "must hold body: of XML no single parts can be forwarded"
            )
    return Coverage(body=False, signed=signed, unsigned=beside)


def check_headers(headers: Iterable[str], scheme: Scheme, unsigned: Iterable[str]) -> None:
    """Refuse expressions that read headers which anybody can change. Raises InvalidPropertyError.

    Args:
        headers: that expressions read.
        scheme: the source's.
        unsigned: places that the source or its preset allows beside.
    """
    allowed = [place for place in unsigned if place != WHOLE_BODY]
    for name in sorted(headers):
        place = f"header:{name}"
        if not is_covered(scheme, place) and not is_within(place, allowed):
            raise InvalidPropertyError(
                "Routes",
                f"may not read header {name}: the signature does not cover it, so whoever has one "
                f"genuine request can change it; allow that with Unsigned: [{place}]",
            )


def key_recipe(read: SourceProperties, declared: Declared) -> tuple[tuple[str, ...], bool]:
    """The recipe of the delivery id, and whether the signed content is the key in its place.

    Raises:
        InvalidPropertyError: `ReplayProtection: strict` where nothing is signed.
    """
    strict = read.replay_protection == "strict"
    if strict and covers_everything(declared.scheme):
        raise InvalidPropertyError(
            "ReplayProtection", "must be standard: this sender signs no part of a request"
        )
    by_content = strict or (declared.by_content and read.delivery_id is None)
    if not by_content:
        return declared.delivery_id, False
    covered = [
        alternative
        for alternative in declared.delivery_id
        if all(is_covered(declared.scheme, place) for place in extractors_of(alternative))
    ]
    return tuple(covered), True


def coverage_warnings(source: Source) -> list[str]:
    """What whoever deploys a source should know of parts that its proof does not cover."""
    preset = PRESETS.get(source.provider)
    known = () if preset is None else preset.unsigned
    used = [*_recipe_places(source), *(f"header:{name}" for name in source.headers)]
    used += [place for place in source.coverage.unsigned if place != WHOLE_BODY]
    uncovered = dict.fromkeys(
        place
        for place in used
        if not is_covered(source.scheme, place) and not is_within(place, known)
    )
    told = [
        f"source {source.name} uses {place}, which the sender's proof does not cover: whoever has "
        "one genuine request can send it again with another"
        for place in uncovered
    ]
    if WHOLE_BODY in source.coverage.unsigned:
        told.append(
            f"source {source.name} forwards the whole body, which the sender's proof does not cover"
        )
    return told


def _recipe_places(source: Source) -> Iterable[str]:
    recipes: Sequence[tuple[str, ...]] = (source.delivery_id, source.event_type, source.sent_at)
    for recipe in recipes:
        for alternative in recipe:
            yield from extractors_of(alternative)
