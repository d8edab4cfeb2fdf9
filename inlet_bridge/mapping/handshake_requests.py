"""Recognize requests that are handshakes of a provider, and say what an incomplete one lacks."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bridge.sources.source import Source
from bridge.verification.extractors import value
from bridge.verification.handshake_response import build_response, matching_handshake
from bridge.verification.handshakes import Handshake
from bridge.webhook import Webhook

_TOKEN: Final = re.compile(r"\{(?:mac:)?([^{}]*)\}")
_PLACES: Final = {
    "json": "{} in the body",
    "form": "the field {} in the body",
    "header": "the header {}",
    "query": "{} in the query",
}


class HandshakeRequest(NamedTuple):
    """A request that meets the conditions of a handshake.

    Attributes:
        missing: extractors of values that the response returns and the request does not have; the
            bridge takes such a request for a webhook. Empty if it responds as to a handshake.
    """

    missing: tuple[str, ...] = ()


def handshake_request(source: Source, webhook: Webhook, secret: str) -> HandshakeRequest | None:
    """The handshake that a request is; None for a webhook.

    Args:
        source: that received it.
        webhook: the request, which was accepted.
        secret: of the source.
    """
    for signed in (False, True):
        handshake = matching_handshake(source.handshakes, webhook, signed=signed)
        if handshake is None or handshake.capture:
            continue
        if build_response(handshake, webhook, [secret]) is not None:
            return HandshakeRequest()
        returned = dict.fromkeys(_returned(handshake))
        if missing := tuple(each for each in returned if not value(webhook, each)):
            return HandshakeRequest(missing)
    return None


def incomplete_handshake(source: Source, event_type: str) -> str:
    """A sentence on a recorded webhook whose type is that of a handshake; empty for another.

    Args:
        source: that received it.
        event_type: as it is recorded.
    """
    types = {f"{extractor}={event_type}" for extractor in source.event_type}
    for handshake in source.handshakes:
        returned = tuple(dict.fromkeys(_returned(handshake)))
        if event_type and returned and types.intersection(handshake.when):
            return lacking(source, returned)
    return ""


def lacking(source: Source, extractors: tuple[str, ...]) -> str:
    """A sentence on a handshake without these values."""
    places = " or ".join(map(_place, extractors))
    return (
        f"it is a handshake of {source.provider or 'the provider'}, which needs no route, but lacks"
        f" {places}, so that it counts as a webhook"
    )


def _returned(handshake: Handshake) -> Iterator[str]:
    """The extractors of what the response returns."""
    answer = handshake.answer
    for text in (answer.text, *answer.fields, *answer.headers):
        yield from _TOKEN.findall(text)


def _place(extractor: str) -> str:
    kind, _, path = extractor.partition(":")
    return _PLACES[kind].format(path) if kind in _PLACES else extractor
