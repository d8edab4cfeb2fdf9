"""Verdicts of vendors' libraries, or of their documentation, for the presets without a record.

Each line of `vendor_verdicts.jsonl` names the library with its version, or the page, as its source.
"""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook
from tests.support.receiver_fakes import GateHarness, at, source_of
from tests.support.signing_senders import CASES

LINES = (Path(__file__).parent / "vendor_verdicts.jsonl").read_text(encoding="utf-8").splitlines()
VERDICTS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
PRESETS = {
    "azure_event_grid",
    "getstream",
    "google_push",
    "jotform",
    "mailchimp",
    "supabase",
    "vonage",
    "x_twitter",
}


def gate_of(vector: dict[str, Any]) -> GateHarness:
    now = at(datetime.fromisoformat(vector["now"]))
    return GateHarness(source_of(CASES[vector["provider"]].declared), vector["secrets"], clock=now)


def webhook_of(vector: dict[str, Any]) -> Webhook:
    return Webhook(
        method=vector["method"],
        url=vector["url"],
        headers=vector["headers"],
        body=base64.b64decode(vector["body_b64"]),
    )


@pytest.mark.parametrize(
    "vector", VERDICTS, ids=[f"{each['provider']}-{each['case']}" for each in VERDICTS]
)
def test_verdict_equals_that_of_the_source(vector: dict[str, Any]) -> None:
    gate, webhook = gate_of(vector), webhook_of(vector)

    if vector["verdict"] == "handshake":
        reply = gate.reply(webhook)
        assert isinstance(reply, ProviderResponse)
        assert (reply.status, reply.body) == (200, vector["answer"])
    else:
        assert gate.status(webhook) == {"accept": 0, "reject": 401}[vector["verdict"]]


def test_every_one_of_these_presets_has_accepted_and_rejected_requests() -> None:
    for verdict in ("accept", "reject"):
        assert {each["provider"] for each in VERDICTS if each["verdict"] == verdict} == PRESETS
    assert all(each["source"] for each in VERDICTS)
