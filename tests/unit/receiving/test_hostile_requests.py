"""Requests without a secret cause no message, no 5xx and few calls to AWS."""

from collections import Counter
from random import Random

import pytest

from bridge.verification.catalogue import PRESETS
from tests.support.benchmark_results import Bench, bench
from tests.support.fuzz_requests import RequestFuzzer
from tests.support.signing_senders import CASES, UNVERIFIED, Case

VERIFIED = sorted(name for name in CASES if name != UNVERIFIED)
# 100,000 over all of them.
EACH = 100_000 // len(VERIFIED)
SECONDS_BETWEEN = 0.01


def request_statuses(case: Case, here: Bench, count: int) -> Counter[int]:
    """Return the statuses of this many requests; every tenth uses a random source name."""
    client = RequestFuzzer(Random(case.name))  # noqa: S311 (the same ones each time)
    # Requests in the form of the provider, signed with another secret.
    genuine, proof = case.send(case.other_secret), case.signature_headers()
    statuses: Counter[int] = Counter()
    for number in range(count):
        name = f"invented-{number}" if number % 10 == 0 else "it"
        statuses[here.receive(client.webhook(genuine, proof), name)] += 1
        here.clock.advance(SECONDS_BETWEEN)
    return statuses


@pytest.mark.parametrize("name", VERIFIED)
def test_every_request_without_a_secret_is_rejected(name: str) -> None:
    case = CASES[name]
    here = bench(case)

    statuses = request_statuses(case, here, EACH)

    assert here.inlet.requests == []
    assert here.buffer.kept == []
    assert here.deliveries.records == {}
    assert all(status < 500 for status in statuses), statuses
    handshakes = {each.answer.status for each in PRESETS[name].handshakes} | {403}
    assert set(statuses) <= {401, 404, 413, 415, 429} | handshakes
    # Two lists a minute, and one read of the source every ten seconds after rejections.
    seconds = EACH * SECONDS_BETWEEN
    assert here.parameters.reads <= 4 + 2 * (seconds / 10 + 1) + 2 * (seconds / 60 + 1)
