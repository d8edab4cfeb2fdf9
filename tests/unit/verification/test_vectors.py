"""The verdicts of the vendors' libraries; needs their record next to the repository."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import InvalidSignatureError
from bridge.verification.catalogue import PRESETS
from bridge.verification.declaration import declare_scheme
from bridge.verification.facts import FACTS
from bridge.verification.schemes import MacScheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from tests.support.provider_fakes import FakePublishedKeys

JWKS_URL = "https://issuer.example.com/keys"
REPOSITORY = Path(__file__).parents[3]
RECORD = REPOSITORY.parent / "shared" / "providers" / "vectors.jsonl"
LINES = RECORD.read_text(encoding="utf-8").splitlines() if RECORD.exists() else []
VECTORS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
# The record omits the bodies of 900 kB, so these verdicts cannot be reproduced. `test_providers`
# has large bodies of every sender.
LEFT_OUT = pytest.mark.skip(reason="the record has no body")
RUN = [vector for vector in VECTORS if vector["body_b64"] is not None]
# Webhooks that the bridge rejects although the vendor's library accepts them, with the reason.
STRICTER = {
    "aws_sns_v2/cert_url_china_region": (
        "the certificate of a topic in eu-west-1 is at a host of another partition, and its path "
        "is not one that SNS uses"
    ),
}
# Seconds for which the vendor's library accepts a signed time, where the preset accepts it for
# longer: the vendor's retries repeat the time of the first attempt. It is the only difference.
LIBRARY_WINDOWS = {"linear": 60, "mailgun": 900}
CONSTANTS = {
    "aws_sns_v2": {"topic_arn": "arn:aws:sns:eu-west-1:123456789012:MyTopic"},
}

pytestmark = pytest.mark.skipif(not VECTORS, reason="no record of the vendors' verdicts")


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(v, id=v["id"], marks=[LEFT_OUT] if v["body_b64"] is None else [])
        for v in VECTORS
    ],
)
def test_verdict_equals_that_of_the_vendor(vector: dict[str, Any]) -> None:
    webhook = Webhook(
        method=vector["method"],
        url=vector["url"],
        headers={name.lower(): value for name, value in vector["headers"].items()},
        body=base64.b64decode(vector["body_b64"]),
    )
    given, published = parameters(vector)
    constants = CONSTANTS.get(vector["scheme"])
    scheme = declare_scheme(vector["scheme"], given, constants).scheme
    now = datetime.fromtimestamp(vector["now"], UTC)

    verdict = verdict_of(scheme, webhook, vector["secrets"], now, published)

    assert verdict == ("reject" if vector["id"] in STRICTER else vector["expect"])


def parameters(vector: dict[str, Any]) -> tuple[dict[str, Any], FakePublishedKeys]:
    """The scheme with a token's issuer, and the published keys of the record."""
    pages = {url: text.encode() for url, text in vector.get("fetches", {}).items()}
    params = vector.get("params")
    if not params:
        window = LIBRARY_WINDOWS.get(vector["scheme"])
        longer = {"Timestamp": {"PastSeconds": window}} if window else {}
        # The record's certificates are self-signed, so each is its own authority.
        return longer, FakePublishedKeys(pages, b"".join(pages.values()))
    given = {
        "Algorithms": params["algs"],
        "Audience": params["aud"],
        "Issuer": params["iss"],
        "LeewaySeconds": params["leeway_s"],
        "Require": params["require"],
    }
    if "jwks" in params:
        given["JwksUrl"] = JWKS_URL
        pages[JWKS_URL] = json.dumps(params["jwks"]).encode()
    return given, FakePublishedKeys(pages)


@pytest.mark.parametrize(("name", "seconds"), LIBRARY_WINDOWS.items())
def test_preset_accepts_a_signed_time_for_longer_than_the_library(name: str, seconds: int) -> None:
    scheme = PRESETS[name].scheme
    assert isinstance(scheme, MacScheme)
    assert scheme.timestamp is not None
    assert scheme.timestamp.past_seconds is not None

    assert scheme.timestamp.past_seconds > seconds
    assert FACTS[name].retries.repeats_signature


def verdict_of(*question: Any) -> str:
    try:
        verify(*question)
    except InvalidSignatureError:
        return "reject"
    return "accept"


def test_stricter_verdicts_are_only_on_accepted_webhooks() -> None:
    accepted = {vector["id"] for vector in RUN if vector["expect"] == "accept"}

    assert STRICTER.keys() <= accepted


def test_only_large_bodies_are_left_out() -> None:
    left_out = [vector["id"] for vector in VECTORS if vector not in RUN]

    assert all(name.endswith(("body_large_900kB", "large_form_900kB")) for name in left_out)


def test_all_schemes_of_the_record_are_tested() -> None:
    assert {vector["expect"] for vector in RUN} == {"accept", "reject"}
    assert {vector["scheme"] for vector in RUN} == {vector["scheme"] for vector in VECTORS}
