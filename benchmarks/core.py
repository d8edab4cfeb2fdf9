"""The parts of the core that run for every webhook: verification by scheme, and enveloping."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle

from benchmarks.events import body, connection_and_flow
from benchmarks.mapping import mapping_jobs
from bridge.messages.envelope import check_body, single_message
from bridge.verification.catalogue import PRESETS
from bridge.verification.declaration import declare_scheme
from bridge.verification.schemes import MacScheme, TokenScheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Request, Sending

SIZES = (1_000, 10_000)
PARSE = "bare json.loads"
_SCHEMES = {
    name: s for name, preset in PRESETS.items() if isinstance(s := preset.scheme, MacScheme)
}
MAC_PRESETS = list(_SCHEMES)
SIGNATURE_IN_BODY = [name for name, scheme in _SCHEMES.items() if "json:" in str(scheme)]
"""Providers whose signature, time or signed content is a field of a JSON body."""
_BATCH_SECONDS = 0.01


def measure_core(rounds: int) -> dict[str, dict[int, list[float]]]:
    """Microseconds per call, one value per round, by call and body size."""
    pending = {(name, size): job for size in SIZES for name, job in _jobs(body(size)).items()}
    times: dict[str, dict[int, list[float]]] = {}
    for _ in range(rounds):
        for (name, size), job in pending.items():
            times.setdefault(name, {}).setdefault(size, []).append(_microseconds(job))
    return times


def _jobs(content: bytes) -> dict[str, Callable[[], object]]:
    key = secrets.token_bytes(32)
    signature = hmac.new(key, content, hashlib.sha256).hexdigest()

    def bare() -> bool:
        mine = hmac.new(key, content, hashlib.sha256).hexdigest()
        return hmac.compare_digest(mine, signature)

    connection, flow = connection_and_flow()
    pending: dict[str, Callable[[], object]] = {"bare hmac": bare}
    pending[PARSE] = lambda: json.loads(content)
    pending |= {f"verify {name}": verification(name, len(content)) for name in MAC_PRESETS}
    for name in SIGNATURE_IN_BODY:
        pending[f"check {name}"] = reading(name, len(content), verified=False)
        pending[f"verify and check {name}"] = reading(name, len(content), verified=True)
    pending["verify token"] = _token(content)
    pending["envelope"] = lambda: single_message(connection, flow, content)
    pending |= mapping_jobs(len(content))
    # Alternating bodies, because the parse of the last body is cached.
    turns = cycle([content, content.replace(b"x", b"y", 1)])
    pending["check of the body"] = lambda: check_body(connection, flow, next(turns))
    return pending


def verification(provider: str, size: int) -> Callable[[], object]:
    """Verify genuine webhooks of about this size."""
    taken = _Webhooks(provider, size)
    return lambda: taken.verify(taken.next())


def reading(provider: str, size: int, *, verified: bool) -> Callable[[], object]:
    """Check that the inlet accepts the bodies, as for each webhook.

    The difference is the cost of verification, because both share one parse of the body.
    """
    taken = _Webhooks(provider, size)
    connection, flow = connection_and_flow()

    def job() -> None:
        webhook = taken.next()
        if verified:
            taken.verify(webhook)
        check_body(connection, flow, webhook.body)

    return job


class _Webhooks:
    """Two genuine webhooks of a provider, alternating."""

    def __init__(self, provider: str, size: int) -> None:
        sender, self._now = SENDERS[provider], datetime.now(UTC)
        secret = sender.new_secret()
        self._scheme = declare_scheme(provider, sender.scheme, sender.constants).scheme
        self._secrets = (sender.stored(secret),)

        def request(content: bytes) -> Request:
            url = f"https://host/webhooks/{provider}"
            return sender.request(Sending(content, secret, self._now, url))

        wanted, content = size, body(size)
        # The size is that of the request's body; JSON in a form is much longer than the JSON.
        while (length := len(request(content).body)) > size:
            wanted = wanted * size // length
            content = body(wanted)
        self._turns = cycle([request(content), request(content.replace(b"x", b"y", 1))])

    def next(self) -> Webhook:
        """The next webhook, with a copy of its body, so that its hash is not cached."""
        sent = next(self._turns)
        return Webhook("POST", sent.url, sent.headers, bytes(memoryview(sent.body)))

    def verify(self, webhook: Webhook) -> None:
        """Verify a genuine webhook."""
        verify(self._scheme, webhook, self._secrets, self._now)


def _token(content: bytes) -> Callable[[], object]:
    secret = secrets.token_hex(16)
    scheme = TokenScheme(from_=("header:x-token",))
    webhook = Webhook("POST", "https://host/webhooks/token", {"x-token": secret}, content)
    return lambda: verify(scheme, webhook, (secret,), datetime.now(UTC))


def _microseconds(job: Callable[[], object]) -> float:
    """CPU time of one call, averaged over at least 10 ms."""
    calls = 1
    while True:
        began = time.process_time()
        for _ in range(calls):
            job()
        spent = time.process_time() - began
        if spent >= _BATCH_SECONDS:
            return spent / calls * 1e6
        calls *= 2
