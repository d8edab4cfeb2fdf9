"""Property tests of verification with every scheme.

The environment variable `EXAMPLES` sets the number of examples.
"""

import os
import random
from copy import replace

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from bridge.bodies.form_parsing import form_fields
from bridge.errors import InvalidSignatureError
from bridge.verification.verify import verify
from tests.support.fuzz_requests import RequestFuzzer
from tests.support.signing_senders import CASES, NOW, UNVERIFIED, URL_SIGNED

EXAMPLES = int(os.environ.get("EXAMPLES", "10000"))
SLOW_FIRST = [HealthCheck.too_slow, HealthCheck.filter_too_much]
# PyJWT warns about short secrets, which these tests generate.
pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")

VERIFIED = sorted(set(CASES) - {UNVERIFIED})
GENUINE = {name: case.send() for name, case in CASES.items()}
SIGNATURE_HEADERS = {name: frozenset(case.signature_headers()) for name, case in CASES.items()}
# Tokens are not signatures.
SIGNED = sorted(
    name for name, case in CASES.items() if case.declared.scheme.family in {"mac", "pk", "jwt"}
)
# Only parts of these bodies are signed.
PARTS: dict[str, bytes] = {"adyen_payments": b"AUTHORISATION", "mailgun": b"msg_1"}
UNSIGNED_BODY = ["google_pubsub", "jwt"]
FORMS = ["braintree", "mandrill", "twilio_form", "twilio_sharedkey"]
# A key's id and an algorithm, which the fixed signature has to match.
UNSIGNED_HEADERS = {"x-amz-sns-message-type", "x-twilio-webhooks-signature-settings"}
ANY_CASE = {
    name
    for name, case in CASES.items()
    if (signature := getattr(case.declared.scheme, "signature", None)) and signature.ignore_case
}


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=SLOW_FIRST)
@given(data=st.data(), name=st.sampled_from(SIGNED))
def test_any_one_bit_change_of_a_signed_part_is_rejected(data: st.DataObject, name: str) -> None:
    case = CASES[name]
    webhook = GENUINE[name]
    parts = sorted(SIGNATURE_HEADERS[name] - UNSIGNED_HEADERS - set(case.sender.always))
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
        before, prefix, signature = webhook.headers[part].rpartition("Bearer ")
        changed = before + prefix + flipped(data, signature.encode()).decode("latin-1")
        assume(name not in ANY_CASE or changed.lower() != webhook.headers[part])
        webhook = replace(webhook, headers={**webhook.headers, part: changed})

    assert not case.accepts(webhook)


def flipped_body(data: st.DataObject, name: str, body: bytes) -> bytes:
    signed = PARTS.get(name, body)
    if name == "braintree":
        signed = body.partition(b"public-1")[2]
    changed = body.replace(signed, flipped(data, signed))
    # %c3 equals %C3 in a form: the decoded fields are signed.
    assume(name not in FORMS or form_fields(changed) != form_fields(body))
    return changed


def flipped(data: st.DataObject, content: bytes) -> bytes:
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@settings(deadline=None, max_examples=EXAMPLES, database=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**63))
def test_fuzzed_requests_are_rejected_without_other_errors(seed: int) -> None:
    fuzzer = RequestFuzzer(random.Random(seed))  # noqa: S311 (it generates no secret)
    name = fuzzer.any_of(VERIFIED)
    case = CASES[name]
    webhook = fuzzer.webhook(GENUINE[name], SIGNATURE_HEADERS[name])
    secrets = [case.sender.stored(case.other_secret), *fuzzer.secrets()]
    published = case.published(case.other_secret)
    if fuzzer.maybe():
        published.pages = dict.fromkeys(published.pages, fuzzer.body())

    with pytest.raises(InvalidSignatureError):
        verify(case.declared.scheme, webhook, secrets, NOW, published)
