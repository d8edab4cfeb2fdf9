"""Tests of paths in XML."""

import time

import pytest

from bridge.verification.extractors import value
from tests.support.extracted_webhooks import webhook

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
    <Notification><Id> 04l1 </Id><sObject xsi:type="sf:Lead"/></Notification>
    <Notification><Id>04l2</Id></Notification>
  </notifications></soapenv:Body></soapenv:Envelope>"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Body/notifications/Notification/Id", "04l1"),
        ("Body/notifications/Notification/sObject/@type", "sf:Lead"),
        ("Body/notifications/Notification/sObject/@kind", ""),
        ("Body/notifications/Notification/*/Id", "04l1,04l2"),
        ("Body/notifications/Notification/*/sObject/@type", ""),
        ("Body/notifications/*/Notification/Id", "04l1"),
        ("Body/Id", ""),
        ("Id", ""),
    ],
)
def test_xml_path_is_followed_by_local_names(path: str, expected: str) -> None:
    assert value(webhook(ENVELOPE.encode()), f"xml:{path}") == expected
    assert value(webhook(ENVELOPE.replace("UTF-8", "UTF-16").encode("utf-16")), f"xml:{path}") == (
        expected
    )


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a><b>&b;</b></a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a><b>c</b></a>',
        "<a><b>c</b>",
        "<a><b>c</a></b>",
        "{}",
        "",
    ],
)
def test_xml_with_a_doctype_or_a_syntax_error_has_no_values(document: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        assert value(webhook(document.encode(encoding)), "xml:b") == ""


@pytest.mark.parametrize(
    "document",
    [
        b"<a>" * 150_000 + b"</a>" * 150_000,
        b"<a>" + b"<b>" * 150_000,
        b"<a><b>" + b"\n" * 1_000_000 + b"c</b></a>",
        b"<a><b>" + b"x<c/>" * 200_000 + b"</b></a>",
    ],
)
def test_hostile_xml_is_parsed_in_linear_time(document: bytes) -> None:
    """It is parsed before verification."""
    began = time.process_time()
    value(webhook(document), "xml:b")

    assert time.process_time() - began < 2


def test_xml_is_read_to_a_depth_of_100_elements() -> None:
    deep = "".join(f"<e{level}>" for level in range(99)) + "<b>c</b>"
    closed = deep + "".join(f"</e{level}>" for level in reversed(range(99)))
    path = "/".join(f"e{level}" for level in range(1, 99))

    assert value(webhook(closed.encode()), f"xml:{path}/b") == "c"
    assert value(webhook(f"<a>{closed}</a>".encode()), f"xml:e0/{path}/b") == ""
