"""What a source is worth while SSM throttles or fails."""

from dataclasses import dataclass, field

import pytest

from bridge.errors import ThrottledError, UnavailableError, UnknownSourceError
from bridge.sources.cache import SourceCache
from bridge.sources.ssm_reads import ReadRetries
from tests.support import sample_webhooks as samples
from tests.support.fakes import FakeClock, FakeParameters


@dataclass
class Throttled(FakeParameters):
    """Throttles so many calls before it answers."""

    throttled: int = 0
    names: list[str] = field(default_factory=list)

    def _answer(self) -> None:
        self.reads += 1
        self.throttled -= 1
        if self.throttled >= 0:
            raise ThrottledError("SSM cannot be read: ThrottlingException")
        if self.down:
            raise UnavailableError("SSM cannot be read: pretended")


@dataclass
class Bench:
    """A cache with 10 seconds for retries; the clock advances while it sleeps."""

    parameters: Throttled = field(
        default_factory=lambda: Throttled(
            {
                samples.DOCUMENT_NAME: samples.source().to_document(),
                samples.SECRET_NAME: samples.SECRET,
            }
        )
    )
    clock: FakeClock = field(default_factory=FakeClock)
    slept: float = 0.0

    def __post_init__(self) -> None:
        self.cache = SourceCache(
            self.parameters,
            "test",
            self.clock,
            retries=ReadRetries(lambda: 10 - self.slept, self._sleep, lambda: 0.5),
            jitter=lambda: 0.5,
        )

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.clock.advance(seconds)


def test_throttled_first_read_is_repeated() -> None:
    bench = Bench()
    bench.parameters.throttled = 5

    assert bench.cache.find("github").source.name == "github"
    assert 0 < bench.slept < 10


def test_throttled_first_read_ends_before_the_deadline_and_the_next_one_waits_as_well() -> None:
    bench = Bench()
    bench.parameters.throttled = 1_000

    with pytest.raises(ThrottledError):
        bench.cache.find("github")
    assert bench.slept <= 10
    assert bench.parameters.reads < 20

    bench.slept, bench.parameters.throttled = 0.0, 2
    assert bench.cache.find("github").source.name == "github"


def test_further_first_reads_of_a_batch_make_no_call_when_the_time_for_retries_is_over() -> None:
    bench = Bench()
    bench.parameters.throttled = 1_000
    with pytest.raises(ThrottledError):
        bench.cache.find("github")
    before, bench.slept = bench.parameters.reads, 10.0

    for _ in range(100):
        with pytest.raises(ThrottledError):
            bench.cache.find("github")

    assert bench.parameters.reads == before


def test_first_read_that_fails_is_repeated_once() -> None:
    bench = Bench()
    bench.parameters.down = True

    with pytest.raises(UnavailableError):
        bench.cache.find("github")
    assert bench.parameters.reads == 2


def test_throttled_refresh_does_not_hold_the_request_up() -> None:
    bench = Bench()
    bench.cache.find("github")
    bench.clock.advance(61)
    bench.parameters.throttled = 1_000

    assert bench.cache.find("github").secrets == (samples.SECRET,)
    assert bench.slept == 0


def test_copy_past_its_lifetime_is_not_current() -> None:
    """A flow may have been replaced: the webhook is verified, and waits in the buffer."""
    bench = Bench()
    assert bench.cache.find("github").is_current
    bench.parameters.throttled = 1
    bench.clock.advance(61)

    assert not bench.cache.find("github").is_current
    bench.clock.advance(1)
    assert bench.cache.find("github").is_current


def test_early_refresh_that_fails_leaves_the_copy_current_for_its_lifetime() -> None:
    bench = Bench()
    bench.cache.find("github")
    bench.parameters.throttled = 1
    bench.clock.advance(55)  # Read again at 52.5 s, by the jitter.

    assert bench.cache.find("github").is_current
    assert bench.parameters.reads == 2


def test_refreshes_become_rarer_while_ssm_fails() -> None:
    bench = Bench()
    bench.cache.find("github")
    bench.parameters.down = True
    bench.clock.advance(61)
    for _ in range(600):
        bench.cache.find("github")
        bench.clock.advance(1)

    assert bench.parameters.reads <= 40, "twice a minute, after the first ones"

    bench.parameters.down = False
    bench.clock.advance(31)
    assert bench.cache.find("github").is_current


def test_forged_requests_refresh_a_source_less_and_less_often() -> None:
    bench = Bench()
    bench.cache.find("github")
    for _ in range(600):
        bench.cache.renew("github")
        bench.clock.advance(1)

    assert bench.parameters.reads <= 15


def test_known_source_is_found_although_the_list_of_names_is_throttled() -> None:
    bench = Bench()
    bench.parameters.throttled = 0
    bench.parameters.values["/inlet-bridge/test/sources/gitlab"] = samples.source().to_document()

    listing = bench.parameters.names_in

    def throttled_list(path: str) -> set[str]:
        bench.parameters.throttled = 3
        return listing(path)

    bench.parameters.names_in = throttled_list  # type: ignore[method-assign]
    with pytest.raises(UnknownSourceError):
        bench.cache.find("invented")
    bench.parameters.names_in = listing  # type: ignore[method-assign]

    assert bench.cache.find("gitlab").source.provider == "github"
