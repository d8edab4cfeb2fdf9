"""Bodies of several lines or parts: NDJSON and multipart forms."""

import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from bridge.verification.catalogue import PRESETS
from tests.support.body_requests import (
    SECRET,
    WHOLE,
    as_json,
    declare,
    messages,
    multipart,
    outcome,
    proof,
    reason,
    request,
)
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.http_requests import configure, http, send

NDJSON = "application/x-ndjson"
_ROUTES = "{timestamp}{form:token}"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        declare(cloud, "mapped")
        declare(cloud, "split", Split="body")
        declare(cloud, "lines", Split="body", ItemId="body.id", Body="ndjson")
        yield cloud


def forwarded(cloud: DeliveryCloud) -> list[object]:
    """What the forwarder sends of what waits."""
    before = len(cloud.adobe.ledger.received)
    while cloud.depth()["ready"]:
        cloud.forward_what_waits()
    return sorted((each["body"] for each in messages(cloud, before)), key=json.dumps)


def test_each_line_of_ndjson_is_an_event(cloud: DeliveryCloud) -> None:
    events = [{"id": "a", "n": 1.10}, {"id": "b", "text": "}\n{"}, {"id": "c", "é": 1}]
    first, second, third = map(as_json, events)
    for source, body in (
        ("lines", b"\r\n".join([first, second, b"", b"  ", third])),
        ("split", b"\n".join([first, second, third, b""])),
    ):
        [answer] = send(cloud, request(source, body, NDJSON))
        assert (answer.status, answer.document["status"]) == (202, "split")
        assert forwarded(cloud) == events
    [answer] = send(cloud, request("lines", first, "text/plain"))
    assert answer.status == 200, "one line is one event, which is in the inlet already"
    for number, between in enumerate((b"\n", b"\r\n", b"\n\n", b" \r\n\t\r\n  ")):
        body = first + between + second + between + as_json({"n": number})
        assert outcome(cloud, request("mapped", body)) == (200, [*events[:2], {"n": number}])


def test_line_that_is_not_json_is_named(cloud: DeliveryCloud) -> None:
    for source in ("lines", "split"):
        body = b'{"id":1}\n{"id":2}\n\n{"id":CANARY}\n'
        assert outcome(cloud, request(source, body, NDJSON)) == (415, None)
        assert reason(cloud) == "line 4 of the body is not JSON"
    assert cloud.depth()["ready"] == 0


def test_too_many_lines_are_refused_in_time(cloud: DeliveryCloud) -> None:
    for line in (b"{}\n", b'{"a":1}\r\n', b"{}\n \n", b"[\n", b"1\n"):
        started = time.process_time()
        assert outcome(cloud, request("lines", line * 100_000, NDJSON)) == (413, None)
        assert time.process_time() - started < 2
    assert outcome(cloud, request("lines", b"\n" * 900_000 + b'{"z":1}', NDJSON))[0] == 200


def test_multipart_form_is_an_object_like_a_form(cloud: DeliveryCloud) -> None:
    """As Jotform and SendGrid's inbound parse send them."""
    body = multipart(
        ('name="formID"', b"231"),
        ('name="rawRequest"', '{"q1":"café"}'.encode()),
        ('name="tag"', b"a"),
        ('name="tag"', b"b\r\n--no boundary"),
        ('name="say \\"hi\\""', b"x"),
        (
            'name="file"; filename="Résumé.pdf"\r\nContent-Type: application/pdf',
            b"\xff" * 9,
        ),
    )
    expected = {
        "formID": "231",
        "rawRequest": '{"q1":"café"}',
        "tag": ["a", "b\r\n--no boundary"],
        'say "hi"': "x",
        "file": {"filename": "Résumé.pdf", "contentType": "application/pdf", "size": 9},
    }
    declare(cloud, "declared", Body="form")
    for source in ("mapped", "declared"):
        for label in ("multipart/form-data; boundary=----=_Part_1", "multipart/form-data", ""):
            seen = outcome(cloud, request(source, body, label))
            assert seen in [(200, expected), (200, None)], "the body's hash is the key"
    assert len(messages(cloud)) == 2


def test_part_of_a_multipart_form_may_have_its_own_charset(cloud: DeliveryCloud) -> None:
    """As Apache HttpClient writes texts: https://www.rfc-editor.org/rfc/rfc7578#section-4.5."""
    latin = "name=a\r\nContent-Type: text/plain; charset=ISO-8859-1"
    cyrillic = 'name=b\r\nContent-Type: text/plain; charset="windows-1251"'
    parts = [
        (latin, "café".encode("latin-1")),
        (cyrillic, "Привет".encode("cp1251")),
        ("name=c", "€".encode()),
    ]
    expected = {"a": "café", "b": "Привет", "c": "€"}

    assert outcome(cloud, request("mapped", multipart(*parts))) == (200, expected)
    undeclared = ("name=d", b"\xe9")
    assert outcome(cloud, request("mapped", multipart(*parts, undeclared))) == (415, None)
    unknown = ("name=d\r\nContent-Type: text/plain; charset=zip", b"\xe9")
    assert outcome(cloud, request("mapped", multipart(*parts, unknown))) == (415, None)


def test_line_breaks_may_surround_a_multipart_form(cloud: DeliveryCloud) -> None:
    """The first delimiter of a multipart body begins with one, RFC 2046, section 5.1.1."""
    declare(cloud, "declared", Body="form")
    for number, source in enumerate(("mapped", "declared")):
        body = multipart(("name=a", str(number).encode()))
        seen = outcome(cloud, request(source, b"\r\n" + body + b"\r\n"))
        assert seen == (200, {"a": str(number)})


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("NAME=a", {"a": "1"}),
        ("Name=a; FileName=b.txt", {"a": {"filename": "b.txt", "size": 1}}),
        ("name*=utf-8''caf%C3%A9", {"café": "1"}),
        ("name=a; filename*=UTF-8''caf%C3%A9.txt", {"a": {"filename": "café.txt", "size": 1}}),
        ("name=a; filename=\"=?utf-8?B?Y2Fmw6k=?=\"; filename*=utf-8'en'caf%C3%A9", "café"),
        ("name=a; filename=caf; filename*=iso-8859-1''caf%E9", "café"),
        ("name=a; filename=cafe; filename*=utf-8''caf%E9", "cafe"),
        ("name=a; filename=cafe; filename*=klingon''caf%E9", "cafe"),
        ("name=a; filename=cafe; filename*=caf%C3%A9", "cafe"),
    ],
)
def test_names_are_read_as_libraries_write_them(
    cloud: DeliveryCloud, parameters: str, expected: object
) -> None:
    """With `name*` urllib3 until 1.26, with both filenames .NET's MultipartFormDataContent."""
    if isinstance(expected, str):
        expected = {"a": {"filename": expected, "size": 1}}
    assert outcome(cloud, request("mapped", multipart((parameters, b"1")))) == (200, expected)


def test_changed_boundary_does_not_change_a_signed_form(cloud: DeliveryCloud) -> None:
    inner = b"x\r\n--y\r\nContent-Disposition: form-data; name=admin\r\n\r\n1\r\n--y--"
    body = multipart(("name=comment", inner))
    seen = outcome(cloud, request("mapped", body, "multipart/form-data; boundary=y"))
    assert seen == (200, {"comment": inner.decode()})


@pytest.mark.parametrize("source", ["mapped", "form"])
def test_malformed_multipart_form_is_refused(cloud: DeliveryCloud, source: str) -> None:
    declare(cloud, "form", Body="form")
    good = multipart(("name=a", b"1"), ("name=b", b"2"))
    for body, status in (
        (multipart(*[("name=a", b"1")] * 1_000), 200),
        (multipart(*[("name=a", b"1")] * 1_001), 415),
        (multipart(*[("name=a", b"")] * 10_000), 415),
        (good[:-8], 415),
        (good + b"rest", 415),
        (multipart(("filename=a", b"")), 415),
        (multipart((f"name=a\r\nX-Long: {'x' * 4_096}", b"")), 415),
        (multipart(("name=a\r\nContent-Transfer-Encoding: base64", b"MQ==")), 415),
        (multipart(("name=a", b"\xe9")), 415),
        (b"A form.\r\n" + good, 415),
        (good.replace(b"\r", b""), 415),
    ):
        started = time.process_time()
        assert outcome(cloud, request(source, body))[0] == status
        assert time.process_time() - started < 2


@pytest.mark.parametrize("form", ["multipart", "urlencoded"])
def test_messages_of_mailguns_routes_are_taken_as_its_page_says(
    cloud: DeliveryCloud, form: str
) -> None:
    """Each token once: Mailgun repeats a POST for 8 hours with the same one."""
    scheme = {
        "Family": "mac",
        "Content": _ROUTES,
        "Signature": {"From": "form:signature"},
        "Timestamp": {"From": "form:timestamp", "Unit": "s", "PastSeconds": 36000},
    }
    given = {"Scheme": scheme, "DeliveryId": "form:token", "Unsigned": ["form:subject"]}
    assert configure(cloud, "routes", SECRET, Routes=WHOLE, **given) == ""
    now = str(int(time.time())).encode()
    signature = proof(now + b"abc")["x-signature"]
    fields = {"timestamp": now.decode(), "token": "abc", "signature": signature, "subject": "Hi"}
    if form == "multipart":
        body = multipart(*((f"name={name}", text.encode()) for name, text in fields.items()))
        sent = http("routes", body)
    else:
        sent = http("routes", urlencode(fields).encode())

    assert outcome(cloud, sent)[0] == 200
    [answer] = send(cloud, sent)
    assert (answer.status, len(cloud.adobe.ledger.received)) == (200, 1)
    assert answer.document["delivery_id"] == "abc"
    assert _ROUTES in PRESETS["mailgun"].quirks[-1]


def test_fields_of_a_multipart_form_can_be_signed(cloud: DeliveryCloud) -> None:
    """As Mailgun signs its routes."""
    content = {"Content": "{form:timestamp}{form:token}", "Signature": {"From": "form:signature"}}
    given = {"Scheme": {"Family": "mac", **content}, "Routes": WHOLE}
    assert configure(cloud, "routes", SECRET, **given, Unsigned=["form:subject"]) == ""
    signature = proof(b"1700000000abc")["x-signature"].encode()
    fields = [("name=timestamp", b"1700000000"), ("name=token", b"abc"), ("name=subject", b"Hi")]
    body = multipart(*fields, ("name=signature", signature), ("name=other", b"CANARY"))
    seen = {"timestamp": "1700000000", "token": "abc", "subject": "Hi"}

    assert outcome(cloud, http("routes", body)) == (200, seen)
    assert outcome(cloud, http("routes", body.replace(b"abc", b"abd")))[0] == 401
