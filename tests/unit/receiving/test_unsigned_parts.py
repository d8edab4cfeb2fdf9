"""A client with one genuine request, and no secret, cannot derive a different message."""

import json
from collections.abc import Iterator
from copy import replace
from urllib.parse import parse_qsl, quote

import pytest

from bridge.provisioning.sources.coverage import coverage_warnings
from bridge.verification.catalogue import PRESETS
from bridge.verification.coverage import covers_everything, is_within
from bridge.verification.extractors import parse_extractor
from bridge.verification.identification import extractors_of
from bridge.webhook import Webhook
from tests.support.benchmark_results import bench
from tests.support.signing_senders import BODY, CASES, Case

SIGNED = [name for name, case in CASES.items() if not covers_everything(case.declared.scheme)]
FORM = b"MessageSid=SM1&Body=a+b&Media=x&Media=y&mandrill_events=%5B%5D"
XML = b"<Envelope/>"
# `inlet_bridge.senders` creates the presets' own formats.
BODIES = dict.fromkeys(("twilio_form", "twilio_sharedkey"), FORM)


def genuine(case: Case) -> Webhook:
    return case.send(body=BODIES.get(case.name, BODY))


def recipes(name: str) -> Iterator[str]:
    preset = PRESETS[name]
    for recipe in (preset.delivery_id, preset.event_type, preset.sent_at):
        for alternative in recipe:
            yield from extractors_of(alternative)


def changed(name: str, webhook: Webhook) -> Iterator[tuple[str, Webhook]]:
    """Yield the webhook with one part changed, added or removed, and the extractor of the part."""
    read = {p.name for p in map(parse_extractor, recipes(name)) if p.kind == "header"}
    for header in sorted({*webhook.headers, *read, "content-type", "x-anything"}):
        place = f"header:{header}"
        rest = {other: text for other, text in webhook.headers.items() if other != header}
        yield place, replace(webhook, headers=rest)
        for text in ("changed", "0", "application/x-www-form-urlencoded", "text/xml"):
            yield place, replace(webhook, headers={**rest, header: text})
    glue = "&" if "?" in webhook.url else "?"
    yield "query:extra", replace(webhook, url=f"{webhook.url}{glue}extra=1")
    for method in ("GET", "HEAD", "PUT", "OPTIONS"):
        yield "method", replace(webhook, method=method)
    yield "basic", replace(webhook, source_ip="203.0.113.9", path_token="")
    for place, body in changed_bodies(webhook.body):
        yield place, replace(webhook, body=body)


def changed_bodies(body: bytes) -> Iterator[tuple[str, bytes]]:
    yield "json:extra", body + b" "
    yield "json:extra", b"\n" + body
    if body.startswith((b"{", b"[")):
        yield from changed_json(json.loads(body))
        return
    fields = parse_qsl(body.decode(), keep_blank_values=True)
    yield "form:extra", body + b"&extra=1"
    yield "form:extra", b"extra=1&" + body
    yield "form:extra", body + b"&" + body
    yield "form:extra", b"&".join(reversed(body.split(b"&")))
    escaped = ("".join(f"%{byte:02x}" for byte in text.encode()) for _, text in fields)
    pairs = zip((quote(name) for name, _ in fields), escaped, strict=True)
    yield "form:extra", "&".join(f"{name}={text}" for name, text in pairs).encode()
    for name, text in fields:
        yield f"form:{name}", body + f"&{quote(name)}=forged".encode()
        yield f"form:{name}", f"{quote(name)}=forged&".encode() + body
        yield f"form:{name}", body.replace(quote(text).encode(), b"forged", 1)


def changed_json(document: object, path: str = "json:") -> Iterator[tuple[str, bytes]]:
    """Change every member to another kind of value, and add one member."""
    for place, made in _variants(document, ()):
        yield "json:" + ".".join(place), json.dumps(made, ensure_ascii=False).encode()


def _variants(node: object, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    match node:
        case dict():
            yield (*at, "extra"), {**node, "extra": 1}
            yield (*at, "*"), {"*": node, **node}
            for name, value in node.items():
                for place, made in _variants(value, (*at, name)):
                    yield place, {**node, name: made}
                for forged in ({"forged": 1}, ["forged"], "forged", None):
                    yield (*at, name), {**node, name: forged}
        case list():
            yield at, [*node, {"extra": 1}]
            yield at, {"*": node, "0": {"forged": 1}}
            for index, value in enumerate(node):
                for place, made in _variants(value, (*at, str(index))):
                    yield place, [*node[:index], made, *node[index + 1 :]]


@pytest.mark.parametrize("name", SIGNED)
def test_changed_unsigned_part_changes_neither_the_message_nor_its_key(name: str) -> None:
    """Except for the parts that the catalogue names; a rejected request changes nothing."""
    case = CASES[name]
    webhook = genuine(case)
    before = bench(case).made(webhook)
    assert len(before[1]) == 1, "the sample is no good"
    named = PRESETS[name].unsigned

    for place, request in changed(name, webhook):
        keys, messages = bench(case).made(request)
        if messages and not is_within(place, named):
            assert (keys, messages) == before, place
            assert json.dumps(messages) == json.dumps(before[1]), place


@pytest.mark.parametrize("name", CASES)
def test_catalogue_names_every_unsigned_part_that_it_uses(name: str) -> None:
    source = bench(CASES[name]).source

    assert coverage_warnings(source) == []
    assert all(len(reason.split()) > 5 for reason in PRESETS[name].unsigned.values())


@pytest.mark.parametrize("name", SIGNED)
def test_strict_protection_ignores_changed_headers(name: str) -> None:
    case = CASES[name]
    webhook = genuine(case)
    here = bench(case, by_content=True, delivery_id=())

    for _, request in changed(name, webhook):
        if here.receive(request) == 200:
            here.receive(webhook)

    assert len({key for _, key in here.deliveries.records}) <= 1
