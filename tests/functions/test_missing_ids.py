"""A webhook whose id has no value is identified by its content, as one without an id."""

import json
from typing import Any

import pytest

from bridge.provisioning.sources.coverage import REQUEST_ID
from bridge.verification.catalogue import PRESETS
from bridge.verification.facts import FACTS
from bridge.verification.identification import extractors_of
from inlet_bridge.senders.sender import Sending
from tests.support.provider_events import EVENTS
from tests.support.sending_provider import sending_provider
from tests.support.signing_senders import BODY, CASES, NOW, URL

OK = {200, 204}


def id_paths(name: str) -> list[list[str]]:
    """The JSON paths in the body of which the preset makes an id."""
    parts = [part for each in PRESETS[name].delivery_id for part in extractors_of(each)]
    return [part.removeprefix("json:").split(".") for part in parts if part.startswith("json:")]


def sends_as_given(name: str) -> bool:
    case = CASES[name]
    return case.sender.request(Sending(BODY, case.secret, NOW, URL)).body == BODY


IDENTIFIED = [name for name in PRESETS if id_paths(name) and sends_as_given(name)]


def with_ids(name: str, given: Any, number: int) -> bytes:
    """An event whose ids all have this value, and which has a number elsewhere."""
    document = json.loads(EVENTS[name].body_of(1))
    for path in id_paths(name):
        put(document, path, given)
    items = document if isinstance(document, list) else [document]
    for item in items:
        item["number"] = number
    return json.dumps(document).encode()


def put(node: Any, path: list[str], given: Any) -> None:
    first, *rest = path
    if first == "*":
        for item in node if isinstance(node, list) else ():
            put(item, rest, given)
    elif isinstance(node, dict):
        if rest:
            put(node.setdefault(first, {}), rest, given)
        else:
            node[first] = given


NO_VALUES: tuple[Any, ...] = (None, "", " ", "\t\n", [], {}, ["a"])


@pytest.mark.parametrize("name", IDENTIFIED)
def test_events_whose_id_has_no_value_are_distinguished(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = sending_provider(monkeypatch, name)
    for check in FACTS[name].registration.checks if source.captures else ():
        source.check(check)

    for number, given in enumerate(NO_VALUES):
        for body in (with_ids(name, given, number), with_ids(name, given, -number - 1)):
            before = source.messages
            statuses = {source.send(body, {}, delivery_id=f"{number}") for _ in range(2)}

            assert statuses <= OK, given
            assert source.messages == before + (2 if stays_new(name) else 1), given


def stays_new(name: str) -> bool:
    """Whether each request without an id counts as a webhook of its own."""
    return REQUEST_ID in PRESETS[name].delivery_id
