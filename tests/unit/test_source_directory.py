"""Finding sources."""

import pytest

from bridge.errors import UnavailableError, UnknownSourceError
from bridge.source_directory import SourceDirectory
from tests import samples
from tests.fakes import FakeClock, FakeParameters


def directory(**values: str) -> tuple[SourceDirectory, FakeParameters, FakeClock]:
    """A directory over parameters with GitHub's source."""
    parameters = FakeParameters(
        {
            samples.DOCUMENT_NAME: samples.source().to_document(),
            samples.SECRET_NAME: samples.SECRET,
            **values,
        }
    )
    clock = FakeClock()
    return SourceDirectory(parameters, "test", clock), parameters, clock


def test_a_source_is_read_once_a_minute() -> None:
    """A change is noticed after that."""
    found, parameters, clock = directory()
    found.find("github")
    found.find("github")
    assert parameters.reads == 2  # The document, then its secrets.

    parameters.put(samples.SECRET_NAME, "rotated")
    clock.advance(61)

    assert found.find("github").secrets == ("rotated",)


def test_whoever_verifies_nothing_reads_no_secret() -> None:
    _, parameters, clock = directory()
    parameters.delete([samples.SECRET_NAME])

    found = SourceDirectory(parameters, "test", clock, with_secrets=False).find("github")

    assert (found.secrets, found.handshake_secrets, found.path_tokens) == ((), (), ())
    assert found.source == samples.source()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_line_break_behind_a_secret_is_not_part_of_it(ending: str) -> None:
    """`aws ssm put-parameter --value file://…` takes the file as it is."""
    found, parameters, clock = directory()
    parameters.put(samples.SECRET_NAME, samples.SECRET + ending)

    assert found.find("github").secrets == (samples.SECRET,)

    parameters.put(samples.SECRET_NAME, ending)
    clock.advance(61)

    with pytest.raises(UnavailableError, match="no secret at"):
        found.find("github")


def test_secrets_are_not_shown() -> None:
    """Not even by accident."""
    found, _, _ = directory()

    assert samples.SECRET not in repr(found.find("github"))


@pytest.mark.parametrize("name", ["", "GitHub", "../secrets/github", "a b", "a" * 64, "-a", "a\n"])
def test_a_name_that_no_source_can_have_costs_no_read(name: str) -> None:
    """Nor does it reach another parameter."""
    found, parameters, _ = directory()

    with pytest.raises(UnknownSourceError):
        found.find(name)

    assert parameters.reads == 0


def test_an_unknown_name_is_not_asked_for_again_at_once() -> None:
    """Strangers may try any; a source that was just made is found soon."""
    found, parameters, clock = directory()
    for _ in range(3):
        with pytest.raises(UnknownSourceError):
            found.find("gitlab")
    assert parameters.reads == 1

    parameters.put("/inlet-bridge/test/sources/gitlab", samples.source().to_document())
    clock.advance(11)

    assert found.find("gitlab").source.provider == "github"


def test_a_few_unknown_names_now_and_then_are_asked_for() -> None:
    """Somebody is about to make a source, or has mistyped its name."""
    found, parameters, clock = directory()
    for number in range(100):
        with pytest.raises(UnknownSourceError):
            found.find(f"n{number}")
        clock.advance(0.5)

    assert parameters.reads == 100


def test_names_that_strangers_make_up_do_not_cost_a_call_each() -> None:
    """The account has 40 calls a second for all of its functions; known sources keep theirs."""
    found, parameters, clock = directory()
    found.find("github")
    for number in range(30):
        with pytest.raises(UnknownSourceError):
            found.find(f"n{number}")
    read = parameters.reads

    with pytest.raises(UnavailableError, match="too many"):
        found.find("another")
    with pytest.raises(UnknownSourceError):
        found.find("n0")
    assert parameters.reads == read

    clock.advance(61)
    assert found.find("github").source.provider == "github"
    with pytest.raises(UnknownSourceError):
        found.find("another")


def test_a_deleted_source_is_forgotten() -> None:
    """After a minute at the latest."""
    found, parameters, clock = directory()
    found.find("github")
    parameters.delete([samples.DOCUMENT_NAME])
    clock.advance(61)

    with pytest.raises(UnknownSourceError):
        found.find("github")


@pytest.mark.parametrize(
    "document", ["", "{}", "[]", "5", "null", '{"version":1}', '{"version":2}', '{"flows":[]}']
)
def test_a_document_that_cannot_be_read_is_our_fault(document: str) -> None:
    """503, and the sender tries again."""
    found, parameters, _ = directory()
    parameters.put(samples.DOCUMENT_NAME, document)

    with pytest.raises(UnavailableError, match="github"):
        found.find("github")


def test_an_empty_secret_is_no_secret() -> None:
    """It would verify anybody."""
    found, parameters, _ = directory()
    parameters.put(samples.SECRET_NAME, "")

    with pytest.raises(UnavailableError, match="no secret at"):
        found.find("github")


def test_parameters_that_cannot_be_read_are_unavailable() -> None:
    """Never an unknown source."""
    found, parameters, _ = directory()
    parameters.down = True

    with pytest.raises(UnavailableError):
        found.find("github")
