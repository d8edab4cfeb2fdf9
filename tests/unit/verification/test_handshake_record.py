"""The exchanges that vendors document; needs their record next to the repository."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.verification.declaration import declare_scheme
from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook
from tests.support.provider_fakes import FakeProviderSites
from tests.support.receiver_fakes import SECRET, GateHarness, at, source_of
from tests.support.signing_senders import CASES

RECORD = Path(__file__).parents[3].parent / "shared" / "providers"
LINES = (
    (RECORD / "handshakes.jsonl").read_text(encoding="utf-8").splitlines()
    if (RECORD / "handshakes.jsonl").exists()
    else []
)
EXCHANGES: dict[str, dict[str, Any]] = {
    exchange["id"]: exchange for exchange in map(json.loads, LINES)
}
# The record's request of SNS has no signature; one in the vectors does.
SNS = "aws_sns/subscription_confirmation"

pytestmark = pytest.mark.skipif(not EXCHANGES, reason="no record of the vendors' handshakes")


def webhook_of(exchange: dict[str, Any]) -> Webhook:
    return Webhook(
        method=exchange["method"],
        url=exchange["url"],
        headers={name.lower(): value for name, value in exchange["headers"].items()},
        body=base64.b64decode(exchange["body_b64"]),
    )


def gate_of(exchange: dict[str, Any]) -> GateHarness:
    now = datetime.fromtimestamp(exchange["now"], UTC)
    declared = CASES[exchange["provider"]].declared
    pending = bool(exchange["action"])
    secrets = exchange["secrets"] or ([] if pending else ["an unknown secret"])
    until = now + timedelta(minutes=5) if pending else None
    return GateHarness(source_of(declared, registration_until=until), secrets, clock=at(now))


@pytest.mark.parametrize("name", [name for name in EXCHANGES if name != SNS])
def test_response_is_the_one_that_the_vendor_documents(name: str) -> None:
    exchange = EXCHANGES[name]
    expected = exchange["expect"]
    gate = gate_of(exchange)

    reply = gate.reply(webhook_of(exchange))

    assert reply.status == expected["status"]
    shown = {header.lower(): value for header, value in reply.headers.items()}
    for header, value in expected.get("headers", {}).items():
        assert shown[header.lower()].partition(";")[0] == value
    if "body" in expected and reply.status < 400:  # Rejections reveal no reason.
        assert reply.body == expected["body"]
    if "body_json" in expected:
        assert json.loads(reply.body) == expected["body_json"]
    if exchange["action"]:
        assert gate.parameters.values[SECRET] == exchange["action"]["store_secret"]


def test_subscription_is_confirmed_after_verification() -> None:
    lines = (RECORD / "vectors.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = "aws_sns_v2/valid_subscription_confirmation"
    vector = next(v for v in map(json.loads, lines) if v["id"] == wanted)
    topic = {"topic_arn": "arn:aws:sns:eu-west-1:123456789012:MyTopic"}
    pages = {url: text.encode() for url, text in vector["fetches"].items()}
    # The record's certificate is self-signed, so it is its own authority.
    sites = FakeProviderSites(pages, b"".join(pages.values()))
    now = at(datetime.fromtimestamp(vector["now"], UTC))
    gate = GateHarness(
        source_of(declare_scheme("aws_sns_v2", None, topic), 0), sites=sites, clock=now
    )
    signed, unsigned = webhook_of(vector), webhook_of(EXCHANGES[SNS])

    assert gate.reply(unsigned).status == 401
    assert sites.opened == []
    assert gate.reply(signed) == ProviderResponse(EXCHANGES[SNS]["expect"]["status"], {}, "")
    assert sites.opened == [json.loads(signed.body)[EXCHANGES[SNS]["action"]["get_url"]]]
