"""What holds for every scheme, whatever arrives.

`EXAMPLES` in the environment asks for more of them than every run does.
"""

import os
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from bridge.errors import InvalidSignatureError
from bridge.verification.extractors import form_fields
from bridge.verification.verify import verify
from tests.support.fuzz_requests import Stranger
from tests.support.signing_senders import CASES, NOW, UNVERIFIED

EXAMPLES = int(os.environ.get("EXAMPLES", "10000"))
SLOW_FIRST = [HealthCheck.too_slow, HealthCheck.filter_too_much]
# PyJWT's opinion of short secrets that these tests make up.
pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")

VERIFIED = sorted(set(CASES) - {UNVERIFIED})
GENUINE = {name: case.send() for name, case in CASES.items()}
PROOF = {name: frozenset(case.proof()) for name, case in CASES.items()}
# Bare tokens are no signatures, and of these bodies only parts are signed.
SIGNED = sorted(
    name for name, case in CASES.items() if case.declared.scheme.family in {"mac", "pk", "jwt"}
)
PARTS: dict[str, bytes] = {"adyen_payments": b"AUTHORISATION", "mailgun": b"msg_1"}
UNSIGNED_BODY = ["google_pubsub", "jwt"]
FORMS = ["braintree", "mandrill", "twilio_form", "twilio_sharedkey"]
URL_SIGNED = [
    "contentful",
    "hubspot_v2",
    "hubspot_v3",
    "mandrill",
    "square",
    "trello",
    "twilio_form",
    "twilio_json",
    "twilio_sharedkey",
]
UNSIGNED_HEADERS = {"x-amz-sns-message-type"}


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=SLOW_FIRST)
@given(data=st.data(), name=st.sampled_from(SIGNED))
def test_any_one_bit_change_of_a_signed_part_is_refused(data: st.DataObject, name: str) -> None:
    case = CASES[name]
    webhook = GENUINE[name]
    parts = sorted(PROOF[name] - UNSIGNED_HEADERS - set(case.sender.always))
    parts += [] if name in UNSIGNED_BODY else ["body"]
    parts += ["url"] if name in URL_SIGNED else []
    part = data.draw(st.sampled_from(parts))
    if part == "url":
        signed = webhook.url.partition(".com")[2] if name == "contentful" else webhook.url
        changed = flipped(data, signed.encode()).decode("latin-1")
        webhook = replace(webhook, url=webhook.url.replace(signed, changed))
    elif part == "body":
        webhook = replace(webhook, body=flipped_body(data, name, webhook.body))
    else:
        word, space, proof = webhook.headers[part].rpartition("Bearer ")
        changed = word + space + flipped(data, proof.encode()).decode("latin-1")
        webhook = replace(webhook, headers={**webhook.headers, part: changed})

    assert not case.accepts(webhook)


def flipped_body(data: st.DataObject, name: str, body: bytes) -> bytes:
    signed = PARTS.get(name, body)
    if name == "braintree":
        signed = body.partition(b"public-1")[2]
    changed = body.replace(signed, flipped(data, signed))
    # %c3 is %C3 in a form: the fields are signed, not how they are written.
    assume(name not in FORMS or form_fields(changed) != form_fields(body))
    return changed


def flipped(data: st.DataObject, content: bytes) -> bytes:
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@settings(deadline=None, max_examples=EXAMPLES, database=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**63))
def test_a_stranger_is_refused_and_makes_nothing_fail(seed: int) -> None:
    stranger = Stranger(random.Random(seed))  # noqa: S311 (no secret is made of it)
    name = stranger.any_of(VERIFIED)
    case = CASES[name]
    webhook = stranger.webhook(GENUINE[name], PROOF[name])
    secrets = [case.sender.stored(case.other_secret), *stranger.secrets()]
    network = case.published(case.other_secret)
    if stranger.maybe():
        network.pages = dict.fromkeys(network.pages, stranger.body())

    with pytest.raises(InvalidSignatureError):
        verify(case.declared.scheme, webhook, secrets, NOW, network)
