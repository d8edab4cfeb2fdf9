"""What waits has the bytes that the sender sent, and is read anew when it is sent."""

import gzip
import json
from copy import replace
from random import Random

import boto3

from bridge.delivery.delivery import Delivery
from tests.support.body_requests import (
    FORM,
    JSON,
    SIGNED,
    WHOLE,
    as_json,
    declare,
    messages,
    multipart,
    outcome,
    request,
)
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.http_requests import configure, send

UNQUOTED = [chr(n) for n in range(0x20, 0x7F) if chr(n) not in '"\\']
LOST = [{"Flow": "orders", "When": "body.never", "Map": {"body": "body"}}]
BODIES = {
    "form": (b"email=CANARY%40x.test&name=caf%E9&a=1", f"{FORM};charset=latin1", ""),
    "xml": ("<a><email>CANARY</email>é</a>".encode("utf-16"), "text/xml", ""),
    "json": (as_json({"email": "CANARY", "é": 1.50}, "cp1252"), f"{JSON};charset=cp1252", ""),
    "marked": (as_json({"email": "CANARY", "n": 1}, "utf-8-sig"), JSON, ""),
    "gzip": (gzip.compress(b'{ "email" : "CANARY", "n" : 1.50 }'), JSON, "gzip"),
    "parts": (multipart(("name=email", b"CANARY"), ("name=a; filename=b", b"\xff")), "", ""),
    "plain": (b'{ "email" : "CANARY" , "n" : 1.50 }', JSON, ""),
}


def redriven(cloud: DeliveryCloud) -> list[object]:
    """Redrive the dead letters as the command does; what reached the inlet."""
    before = len(cloud.adobe.ledger.received)
    for text, _ in cloud.take_dead():
        again = replace(Delivery.decode(text), attempts=0, sends=1)
        boto3.client("dynamodb").delete_item(TableName=cloud.table, Key=_key(cloud, again))
        boto3.client("sqs").send_message(QueueUrl=cloud.buffer, MessageBody=again.encode())
    cloud.restart()
    cloud.forward_what_waits()
    return [each["body"] for each in messages(cloud, before)]


def _key(cloud: DeliveryCloud, delivery: Delivery) -> dict[str, dict[str, str]]:
    items = boto3.client("dynamodb").scan(TableName=cloud.table)["Items"]
    [item] = [each for each in items if each["delivery_id"]["S"] == delivery.key]
    return {name: {"S": item[name]["S"]} for name in ("source", "delivery_id")}


def test_original_bytes_wait_and_reach_the_inlet(cloud: DeliveryCloud) -> None:
    declare(cloud, "queued", Delivery="queued")
    declare(cloud, "inline")
    for name, (body, content_type, coding) in BODIES.items():
        [answer] = send(cloud, request("queued", body, content_type, coding))
        assert answer.status == 202
        before = len(cloud.adobe.ledger.received)
        waiting = boto3.client("sqs").receive_message(QueueUrl=cloud.buffer, VisibilityTimeout=0)
        stored = Delivery.decode(waiting["Messages"][0]["Body"])
        assert stored.body == body, name
        cloud.forward_what_waits()
        [sent] = messages(cloud, before)
        assert (200, sent["body"]) == outcome(cloud, request("inline", body, content_type, coding))


def test_redrive_after_a_change_of_the_source_repairs_a_misreading(cloud: DeliveryCloud) -> None:
    declare(cloud, "it", Body="json", Routes=LOST)
    body = b'[{"a":1},{"a":2}]'
    assert outcome(cloud, request("it", body)) == (202, None)
    declare(cloud, "xml", Body="form", Routes=LOST)
    xml = b"<a x='1'>&amp;b</a>"
    assert outcome(cloud, request("xml", xml)) == (202, None)
    cloud.forward_what_waits()
    cloud.forward_what_waits()
    declare(cloud, "it", Split="body")
    declare(cloud, "xml")

    assert redriven(cloud) == [{"a": {"@x": "1", "#text": "&b"}}]
    cloud.forward_what_waits()

    assert [each["body"] for each in messages(cloud, 1)] == [{"a": 1}, {"a": 2}]
    assert cloud.dead() == []


def test_redrive_with_another_charset_repairs_the_text(cloud: DeliveryCloud) -> None:
    form = b"name=%CF%F0%E8%E2%E5%F2"
    declare(cloud, "it", Routes=LOST)
    assert outcome(cloud, request("it", form, f"{FORM}; charset=windows-1252"))[0] == 202
    cloud.forward_what_waits()
    declare(cloud, "it", Charset="windows-1251")

    assert redriven(cloud) == [{"name": "Привет"}]
    for content_type in (FORM, f"{FORM};charset=zip", ""):
        other = form + b"&by=" + content_type[-3:].encode()
        assert outcome(cloud, request("it", other, content_type))[1]["name"] == "Привет"
    refusal = configure(cloud, "other", "s", Scheme=SIGNED, Charset="zip")
    assert refusal == "Charset: must be a charset such as windows-1252 or shift_jis"


def test_private_data_is_stored_nowhere(cloud: DeliveryCloud) -> None:
    private = {"Drop": ["email", "a.email"], "Mask": ["none"]}
    declare(cloud, "private", Privacy=private, Routes=LOST)
    declare(cloud, "lines", Privacy={"Drop": ["*.email"]}, Routes=LOST, Split="body")
    for body, content_type, coding in BODIES.values():
        assert send(cloud, request("private", body, content_type, coding))[0].status == 202
    assert send(cloud, request("lines", b'{"email":"CANARY"}\n{"b":"CANARY-not"}'))[0].status == 202
    waiting = boto3.client("sqs").receive_message(
        QueueUrl=cloud.buffer, VisibilityTimeout=0, MaxNumberOfMessages=10
    )["Messages"]
    stored = [Delivery.decode(each["Body"]).body for each in waiting]
    while cloud.depth()["ready"]:
        cloud.forward_what_waits()
    dead = [Delivery.decode(text) for text, _ in cloud.take_dead()]

    assert len(stored) == len(BODIES) + 2
    everything = json.dumps(cloud.records()) + cloud.log.getvalue()
    assert len(dead) == len(BODIES) + 2
    for body in (*stored, *(each.body for each in dead), everything.encode()):
        assert b"CANARY" not in body.replace(b"CANARY-not", b"").replace(b"CANARY-shared", b"")
    assert b'"n":1.5' in b"".join(each.body for each in dead)


def test_privacy_that_is_added_later_applies_to_what_waits(cloud: DeliveryCloud) -> None:
    for source, routes in (("plain", None), ("mapped", WHOLE)):
        declare(cloud, source, Delivery="queued", Routes=routes)
        for name in ("gzip", "plain"):
            send(cloud, request(source, *BODIES[name]))
        declare(cloud, source, Delivery="queued", Routes=routes, Privacy={"Drop": ["email"]})
    cloud.restart()
    cloud.forward_what_waits()

    assert len(messages(cloud)) == 4
    assert "CANARY" not in json.dumps(messages(cloud))


def test_map_that_is_removed_makes_a_dead_letter_of_a_form(cloud: DeliveryCloud) -> None:
    declare(cloud, "it", Delivery="queued")
    for name in ("form", "gzip"):
        send(cloud, request("it", *BODIES[name]))
    declare(cloud, "it", Delivery="queued", Routes=None)
    cloud.restart()
    cloud.forward_what_waits()

    assert messages(cloud) == [json.loads(gzip.decompress(BODIES["gzip"][0]))]
    [(_, reason)] = cloud.dead()
    assert reason == "invalid message: without a Map the body has to be a JSON object"


def test_large_body_of_any_form_fits_the_queue_or_is_refused(cloud: DeliveryCloud) -> None:
    """SQS takes 1 MiB; bytes that are no text grow by a third there."""
    declare(cloud, "it", Delivery="queued", Routes=[{"Flow": "orders", "Map": {"n": "body.n"}}])
    declare(cloud, "plain", Delivery="queued", Routes=None)
    noise = Random(7)  # noqa: S311
    letters = "".join(chr(noise.randrange(0x80, 0x1_0000 - 0x2800)) for _ in range(330_000))
    chosen = "".join(each for each in letters if not 0xD800 <= ord(each) < 0xE000)
    text = {"n": 1, "a": chosen}
    file = multipart(("name=n", b"1"), ("name=a; filename=b", noise.randbytes(990_000)))
    utf16 = as_json({"n": 1, "a": chosen[:250_000]}, "utf-16")
    printable = "".join(noise.choices(UNQUOTED, k=990_000))
    cases = [
        ("it", gzip.compress(as_json(text)), JSON, "gzip", 202),
        ("plain", gzip.compress(as_json(text)), JSON, "gzip", 202),
        ("it", utf16, JSON, "", 202),
        ("it", file, "", "", 202),
        ("it", as_json({"n": 1, "a": f"\uffff{printable}"}), JSON, "", 413),
    ]
    for source, body, content_type, coding, status in cases:
        [answer] = send(cloud, request(source, body, content_type, coding))
        assert answer.status == status, len(body)
    for _ in range(4):
        cloud.forward_what_waits()
    assert len(messages(cloud)) == 4
    assert cloud.dead() == []


def test_event_that_grows_beyond_the_queue_is_refused_for_good(cloud: DeliveryCloud) -> None:
    """JSON escapes quotes: a 503 would make the sender repeat what can never fit."""
    routes = [{"Flow": "orders", "Map": {"n": "'1'"}}]
    declare(cloud, "it", Delivery="queued", Split="[body]", Routes=routes)
    letters = [each for each in UNQUOTED if each not in '"&=+%;']
    weights = [1.0] * len(letters) + [len(letters) / 9]
    noise = Random(7).choices([*letters, '"'], weights, k=990_000)  # noqa: S311

    [answer] = send(cloud, request("it", f"a={''.join(noise)}".encode(), FORM))

    assert answer.status == 413
