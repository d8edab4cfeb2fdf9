"""Many environments that start at once, with SSM's default quota, in virtual time."""

import random
from collections import Counter
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bridge.adapters.aws.ssm import SsmParameters
from bridge.deadline import Deadline
from bridge.errors import UnavailableError
from bridge.inlet.client import InletSender
from bridge.inlet.requests import InletRequests
from bridge.provisioning.subscriptions.stored import secret_reference
from bridge.receiving.gate import Gate
from bridge.receiving.intake import Intake
from bridge.receiving.receiver import Receipt, Receiver
from bridge.sources.cache import SourceCache
from bridge.sources.ssm_reads import ReadRetries
from functions.receiver.handler import RESPONSE_SECONDS
from tests.support import sample_webhooks as samples
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.fakes import FakeBuffer, FakeClock, FakeCounts, FakeInlet, FakeTokens, taken
from tests.support.provider_fakes import FakeProviderSites
from tests.support.receiver_fakes import RECORDS
from tests.support.sam_template import ROOT, resources
from tests.support.throttled_ssm import CALLS_PER_SECOND, ThrottledSsm
from tests.support.virtual_time import VirtualTime

ENVIRONMENTS = 500
TIMEOUT = resources()["ReceiverFunction"]["Properties"]["Timeout"]


@dataclass
class Environment:
    """A receiver in an environment of its own; it sends inline if it has the time."""

    time: VirtualTime
    ssm: ThrottledSsm
    random: random.Random
    receiver: Receiver = field(init=False)

    def __post_init__(self) -> None:
        parameters = SsmParameters(self.ssm)  # type: ignore[arg-type]  # Three methods of it.
        self.ssm_deadline = Deadline(lambda: self.time.now)
        retries = ReadRetries(self.ssm_deadline.remaining, self.time.sleep, self.random.random)
        counts, clock = FakeCounts(), FakeClock()
        cache = SourceCache(
            parameters,
            "test",
            self.now,
            quick=parameters,
            retries=retries,
            jitter=self.random.random,
        )
        self.receiver = Receiver(
            gate=Gate(cache, FakeProviderSites, parameters, RECORDS),
            intake=Intake(
                InletSender(
                    InletRequests(FakeInlet([taken()] * 99), FakeTokens(), counts), clock, counts
                ),
                FakeBuffer(),
                FakeDeliveries(clock),
                counts,
                clock,
            ),
            clock=clock,
            deadline=Deadline(lambda: 0.0),
        )

    def now(self) -> datetime:
        return datetime(2026, 11, 1, 12, tzinfo=UTC) + timedelta(seconds=self.time.now)

    def status(self) -> str:
        """The state in the response to the sender, or 503."""
        self.ssm_deadline.start(TIMEOUT - RESPONSE_SECONDS)
        try:
            receipt = self.receiver.receive("github", samples.webhook())
        except UnavailableError:
            return "503"
        assert isinstance(receipt, Receipt)
        return receipt.state


def environments(number: int, **changes: object) -> tuple[list[Environment], ThrottledSsm]:
    source = replace(samples.source(), **changes)  # type: ignore[arg-type]  # Names of fields.
    values = {
        samples.DOCUMENT_NAME: source.to_document(),
        **dict.fromkeys(source.secrets, samples.SECRET),
    }
    time = VirtualTime()
    ssm = ThrottledSsm(time, values)
    seeded = (random.Random(seed) for seed in range(number))  # noqa: S311 (jitter)
    return [Environment(time, ssm, each) for each in seeded], ssm


def test_500_concurrent_cold_starts_answer_no_503_with_40_calls_a_second() -> None:
    started, ssm = environments(ENVIRONMENTS)

    states = Counter(ssm.time.run(Environment.status, started))

    assert states["503"] == 0
    assert states.total() == ENVIRONMENTS
    # A call each, and few for pauses: the last environment waits little longer than it must.
    assert ssm.calls[-1] <= ENVIRONMENTS / CALLS_PER_SECOND + 2


@pytest.mark.parametrize(
    ("number", "secrets"),
    [
        (600, samples.source().secrets),
        (300, ("/inlet-bridge/test/secrets/new", "/inlet-bridge/test/secrets/old")),
    ],
)
def test_most_concurrent_cold_starts_of_the_documentation_answer_no_503(
    number: int, secrets: tuple[str, ...]
) -> None:
    """With one call and with two."""
    started, ssm = environments(number, secrets=secrets)
    page = (ROOT / "docs" / "performance.md").read_text()

    states = Counter(ssm.time.run(Environment.status, started))

    assert states["503"] == 0
    assert "up to 600 concurrent cold starts, or 300 with two calls" in page


@pytest.mark.parametrize(
    "secrets",
    [
        samples.source().secrets,
        (secret_reference("test", samples.source().name),),
        (f"{samples.source().secrets[0]}-2", samples.source().secrets[0]),
    ],
    ids=["default", "subscription", "rotation"],
)
def test_cold_start_makes_one_call_if_the_secrets_and_the_connection_have_the_default_names(
    secrets: tuple[str, ...],
) -> None:
    connection = replace(samples.connection(), name="webhooks")
    [cold], ssm = environments(1, connection=connection, secrets=secrets)

    assert cold.status() == "delivered"
    assert len(ssm.calls) == 1


def test_cold_start_makes_two_calls_for_other_names() -> None:
    [cold], ssm = environments(1, secrets=("/inlet-bridge/test/secrets/another",))

    assert cold.status() == "delivered"
    assert len(ssm.calls) == 2


def test_warm_environments_refresh_once_a_minute_each_and_not_together() -> None:
    """Traffic of all of them stays within the quota of SSM."""
    warm, ssm = environments(200, connection=replace(samples.connection(), name="webhooks"))

    def webhook_every_three_seconds(environment: Environment) -> Counter[str]:
        states = Counter[str]()
        while environment.time.now < 200:
            states[environment.status()] += 1
            environment.time.sleep(3)
        return states

    ssm.time.run(webhook_every_three_seconds, warm)

    refreshes = [call for call in ssm.calls if call > 20]
    assert 3 * len(warm) <= len(refreshes) <= 4 * len(warm)
    assert max(Counter(int(call) for call in refreshes).values()) <= CALLS_PER_SECOND
    assert not [call for call in ssm.throttled if call > 20]
