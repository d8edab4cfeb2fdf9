"""Finding sources."""

from collections.abc import Sequence
from copy import replace

import pytest

from bridge.errors import UnavailableError, UnknownSourceError
from bridge.sources.cache import SourceCache
from tests.support import sample_webhooks as samples
from tests.support.fakes import FakeClock, FakeParameters


def cache(**values: str) -> tuple[SourceCache, FakeParameters, FakeClock]:
    """A cache over parameters with GitHub's source."""
    parameters = FakeParameters(
        {
            samples.DOCUMENT_NAME: samples.source().to_document(),
            samples.SECRET_NAME: samples.SECRET,
            **values,
        }
    )
    clock = FakeClock()
    return SourceCache(parameters, "test", clock), parameters, clock


def test_source_is_cached_for_a_minute() -> None:
    """A change is noticed after that."""
    found, parameters, clock = cache()
    found.find("github")
    found.find("github")
    assert parameters.reads == 1

    parameters.put(samples.SECRET_NAME, "rotated")
    clock.advance(61)

    assert found.find("github").secrets == ("rotated",)


def test_without_secrets_no_secret_is_read() -> None:
    _, parameters, clock = cache()
    parameters.delete([samples.SECRET_NAME])

    found = SourceCache(parameters, "test", clock, with_secrets=False).find("github")

    assert (found.secrets, found.handshake_secrets, found.path_tokens) == ((), (), ())
    assert found.source == samples.source()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_trailing_line_break_of_a_secret_is_removed(ending: str) -> None:
    """`aws ssm put-parameter --value file://…` takes the file as it is."""
    found, parameters, clock = cache()
    parameters.put(samples.SECRET_NAME, samples.SECRET + ending)

    assert found.find("github").secrets == (samples.SECRET,)

    parameters.put(samples.SECRET_NAME, ending)
    clock.advance(61)

    assert found.find("github").missing == (samples.SECRET_NAME,)


def test_repr_contains_no_secret() -> None:
    """Not even by accident."""
    found, _, _ = cache()

    assert samples.SECRET not in repr(found.find("github"))


@pytest.mark.parametrize("name", ["", "GitHub", "../secrets/github", "a b", "a" * 64, "-a", "a\n"])
def test_invalid_name_causes_no_read(name: str) -> None:
    """Nor does it reach another parameter."""
    found, parameters, _ = cache()

    with pytest.raises(UnknownSourceError):
        found.find(name)

    assert parameters.reads == 0


@pytest.mark.parametrize(("invented", "seconds"), [(0, 5), (1, 61)])
def test_new_source_is_found_within_a_minute(invented: int, seconds: int) -> None:
    """Its name is on no list that was read before it was made; one look a minute is sooner."""
    found, parameters, clock = cache()
    with pytest.raises(UnknownSourceError):
        found.find("gitlab")
    clock.advance(6)
    for number in range(invented):
        with pytest.raises(UnknownSourceError):
            found.find(f"invented-{number}")

    parameters.put("/inlet-bridge/test/sources/gitlab", samples.source().to_document())
    if invented:
        with pytest.raises(UnknownSourceError):
            found.find("gitlab")
    clock.advance(seconds)

    assert found.find("gitlab").source.provider == "github"


def test_new_source_is_found_immediately_without_a_cached_list() -> None:
    """Nobody needs a list there."""
    found, parameters, _ = cache()
    found.find("github")

    parameters.put("/inlet-bridge/test/sources/gitlab", samples.source().to_document())

    assert found.find("gitlab").source.provider == "github"


def test_unknown_names_cause_two_list_calls_a_minute() -> None:
    """The account has 40 calls a second for all of its functions; known sources keep theirs."""
    found, parameters, clock = cache()
    found.find("github")
    for minute in range(3):
        for number in range(1_000):
            with pytest.raises(UnknownSourceError):
                found.find(f"n{minute}-{number}")
            clock.advance(0.061)
    # Two of github, one of the first name that was invented, and the lists.
    assert parameters.reads <= 3 + 6

    assert found.find("github").source.provider == "github"


def test_stale_list_is_used_while_ssm_is_unavailable() -> None:
    """An invented name is no source then either, and no 503."""
    found, parameters, clock = cache()
    with pytest.raises(UnknownSourceError):
        found.find("invented")
    parameters.down = True
    clock.advance(61)
    before = parameters.reads

    for _ in range(100):
        with pytest.raises(UnknownSourceError):
            found.find("another")

    assert parameters.reads == before + 1


def test_stale_source_is_used_while_ssm_is_unavailable() -> None:
    found, parameters, clock = cache()
    found.find("github")
    parameters.down = True

    clock.advance(14 * 60)
    assert found.find("github").source.name == "github"
    before = parameters.reads
    assert found.find("github").source.name == "github"
    assert parameters.reads == before, "asked once a second at most"

    clock.advance(3 * 60)
    with pytest.raises(UnavailableError):
        found.find("github")


def test_deleted_source_is_unknown_after_expiry() -> None:
    """After a minute at the latest."""
    found, parameters, clock = cache()
    found.find("github")
    parameters.delete([samples.DOCUMENT_NAME])
    clock.advance(61)

    with pytest.raises(UnknownSourceError):
        found.find("github")


@pytest.mark.parametrize(
    "document", ["", "{}", "[]", "5", "null", '{"version":1}', '{"version":2}', '{"flows":[]}']
)
def test_invalid_document_is_unavailable(document: str) -> None:
    """503, and the sender tries again."""
    found, parameters, _ = cache()
    parameters.put(samples.DOCUMENT_NAME, document)

    with pytest.raises(UnavailableError, match="github"):
        found.find("github")


def test_empty_secret_counts_as_missing() -> None:
    """An empty secret would accept any token."""
    found, parameters, clock = cache()
    parameters.put(samples.SECRET_NAME, "")

    assert found.find("github").missing == (samples.SECRET_NAME,)
    parameters.put(samples.SECRET_NAME, "secret")
    clock.advance(10)
    assert found.find("github").missing == ()


def test_unreadable_parameters_are_unavailable() -> None:
    """Never an unknown source."""
    found, parameters, _ = cache()
    parameters.down = True

    with pytest.raises(UnavailableError):
        found.find("github")


def test_first_read_of_a_source_asks_for_ten_names_at_most() -> None:
    """More would be another call to SSM."""
    found, parameters, _ = cache()
    asked: list[int] = []
    get = parameters.get

    def counted(names: Sequence[str]) -> dict[str, str]:
        asked.append(len(names))
        return get(names)

    parameters.get = counted  # type: ignore[method-assign]
    for number in range(12):
        connection = replace(samples.connection(), name=f"connection-{number}")
        source = replace(samples.source(), name=f"source-{number}", connection=connection)
        parameters.values[f"/inlet-bridge/test/sources/{source.name}"] = source.to_document()
        found.find(source.name)

    assert max(asked) == 10
