"""Tests of templates of signed content."""

import pytest

from bridge.verification.signed_content import fill_content, parse_content, tokens
from bridge.webhook import Webhook

WEBHOOK = Webhook(
    "PUT", "https://x/y?a=1", {"x-id": "m1"}, '{"event":{"id":7,"ok":true},"ë":"ö"}'.encode()
)


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{body}", WEBHOOK.body),
        ("{timestamp}.{body}", b"12." + WEBHOOK.body),
        ("v0:{timestamp}:", b"v0:12:"),
        ("{method}{url}", b"PUThttps://x/y?a=1"),
        ("ü{secret}", "ü".encode() + b"\xffkey"),
        ("{header:X-Id}.{query:a}", b"m1.1"),
        ("{json:event.id}:{json:event.ok}:{json:ë}", "7:true:ö".encode()),
    ],
)
def test_a_template_is_filled_from_the_request(template: str, filled: bytes) -> None:
    assert fill_content(template, WEBHOOK, "12", b"\xffkey") == filled


@pytest.mark.parametrize("extractor", ["header:x-none", "query:b", "json:event.none", "json:event"])
def test_content_is_none_when_a_value_is_missing(extractor: str) -> None:
    assert fill_content(f"{{body}}{{{extractor}}}", WEBHOOK, "", b"key") is None


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{boddy}", "unknown token {boddy}"),
        ("{}", "unknown token {}"),
        ("{header:}", "unknown token {header:}"),
        ("{{body}}", "brace"),
        ("{body", "brace"),
        ("body}", "brace"),
        ("body", "nothing of the request is signed"),
        ("", "nothing of the request is signed"),
    ],
)
def test_invalid_template_is_rejected(template: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_content(template)


def test_tokens_of_a_template_are_parsed() -> None:
    assert tokens(parse_content("v0:{timestamp}:{body}")) == {"timestamp", "body"}
