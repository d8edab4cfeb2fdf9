"""Every preset whose signature covers the whole body reads it however it is written."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any, Final

import pytest

from bridge.verification.facts import FACTS
from inlet_bridge.senders.sender import Sending
from tests.support.provider_events import EVENTS
from tests.support.sending_provider import SendingProvider, sending_provider
from tests.support.signing_senders import BODY, CASES, NOW, URL

OK: Final = {200, 204}
TEXT: Final = "café €"
NUMBERS: Final = (
    *("987654321098765.654321", "1e400", "1E5", "-0", "0.1000", "2.50E-10"),
    *("9" * 30, "0." + "1" * 30, "1e-400"),
)
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
_PLAIN_HASH: Final = {"hubspot_v1", "hubspot_v2"}
"""They reject what is not UTF-8: a plain hash could be extended; see their differences."""


def given_whole(name: str) -> bool:
    """Whether the sender sends a JSON body as it is given, and signs these bytes."""
    case, bodies = CASES[name], FACTS[name].bodies
    sent = case.sender.request(Sending(BODY, case.secret, NOW, URL)).body
    return sent == BODY and bodies.signed == "encoded" and bodies.forms != ("xml",)


WHOLE: Final = [name for name in CASES if given_whole(name)]

type Write = Callable[[str], bytes]
WRITTEN: Final[tuple[tuple[Write, dict[str, str], bool], ...]] = (
    (str.encode, {}, True),
    (lambda text: text.encode("utf-8-sig"), {}, True),
    (lambda text: b"\r\n " + text.encode() + b"\r\n\r\n", {}, True),
    (str.encode, {"content-type": FORM}, True),
    (str.encode, {"content-type": "text/plain"}, True),
    (str.encode, {"content-type": f"{JSON}; charset=windows-1252"}, True),
    (lambda text: text.encode("utf-16"), {"content-type": JSON}, False),
    (lambda text: text.encode("cp1252"), {"content-type": f"{JSON};charset=Windows-1252"}, False),
    (lambda text: gzip.compress(text.encode()), {"content-encoding": "gzip"}, False),
    (lambda text: gzip.compress(text.encode("utf-8-sig")), {"content-encoding": "X-GZip"}, False),
    (lambda text: zlib.compress(text.encode()), {"content-encoding": "deflate"}, False),
)
"""How a body is written, with its headers, and whether it is UTF-8 on the wire."""


def test_most_presets_are_tested() -> None:
    assert len(WHOLE) > 60


@pytest.mark.parametrize("name", WHOLE)
def test_text_and_numbers_reach_the_message_unchanged(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = sending_provider(monkeypatch, name)
    for check in FACTS[name].registration.checks if source.captures else ():
        source.check(check)

    for number, (write, headers, utf8) in enumerate(WRITTEN):
        if not utf8 and name in _PLAIN_HASH:
            continue
        body = write(event(name, number, json.dumps(TEXT, ensure_ascii=False)))
        assert send(source, body, number, headers) in OK, headers
        assert field(source) == json.dumps(TEXT, ensure_ascii=False), headers

    for number, text in enumerate(NUMBERS, start=100):
        assert send(source, event(name, number, text).encode(), number, {}) in OK, text
        assert field(source) == text


def event(name: str, number: int, value: str) -> str:
    """An event as JSON, with a further member of this JSON value."""
    form = EVENTS[name].body_of(number).decode() or f'{{"id":"{number}"}}'
    member = f'{{"number":{number},"value":{value}}}'
    document: Any = json.loads(form)
    items = document if isinstance(document, list) else [document]
    for item in items:
        item["further"] = "%further"
    return json.dumps(document).replace('"%further"', member)


def send(source: SendingProvider, body: bytes, number: int, headers: dict[str, str]) -> int:
    unsigned = EVENTS[source.case.name].headers_of(number)
    before = source.messages
    status = source.send(body, {**unsigned, **headers}, delivery_id=f"msg_{number}")
    assert source.messages == before + (status in OK)
    return status


def field(source: SendingProvider) -> str:
    """The further member in the text of the last message."""
    message = source.inlet.requests[-1][2].decode()
    return message.rpartition('"value":')[2].partition("}")[0]
