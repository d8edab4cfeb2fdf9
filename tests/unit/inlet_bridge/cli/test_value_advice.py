"""What commands say about a value that is refused, and about an argument that is missing."""

from pathlib import Path

import pytest

from bridge.delivery.record import State
from inlet_bridge.cli.value_advice import _STATES
from inlet_bridge.local.deployment import EVENT_SOURCE
from inlet_bridge.template_reading.provider_sources import _LOCALLY
from tests.support.command_runs import run
from tests.support.sam_template import ROOT
from tests.support.sources_files import SOURCES

SECRET = "lin_wh_CANARY0123456789"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current one, with a file of sources."""
    (tmp_path / "sources.yaml").write_text(SOURCES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("word", "said"),
    [
        *((word, "is --state buffered.") for word in ("paused", "queued", "pending")),
        ("success", "is --state delivered."),
        ("all", "Without --state, all are listed."),
        ("error", "is --state dead, and --state failed if it was accepted before; --refused"),
    ],
)
def test_state_of_another_tool_is_answered_with_ours(word: str, said: str) -> None:
    status, output = run("deliveries", "--state", word)

    assert status == 2
    assert said in " ".join(output.split())
    assert word not in set(State)


def test_states_that_advice_is_given_on_do_not_exist() -> None:
    assert not set(_STATES) & set(State)


def test_misspelled_file_is_answered_with_the_one_that_exists() -> None:
    status, output = run("plan", "--file", "source.yaml")

    assert status == 2
    assert "file 'source.yaml' does not exist. Is it sources.yaml?" in output
    assert "Is it" not in run("plan", "--file", "other/zz.yaml")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("why", "`inlet deliveries` lists IDs, with --refused those of rejected requests."),
        ("secret", "The file has github."),
        ("map", "The file has github."),
        ("pause", "The file has github."),
        ("resume", "The file has github."),
        ("replay", "The file has github."),
        ("add", "`inlet providers` lists the providers."),
        ("send", "`inlet providers` lists the providers."),
        ("repair", "`inlet status` lists the connections and sources."),
        ("destroy", "`inlet status` lists the connections and sources."),
        ("failed show", "`inlet failed list` lists IDs."),
        ("dead-letters show", "`inlet dead-letters list` lists IDs."),
        ("drain", "`aws sqs list-queues` lists their URLs."),
        ("erase", "such as --where \"body.email == 'a@b.example'\"; --dry-run counts it first."),
    ],
)
def test_missing_argument_is_answered_with_where_it_is_found(arguments: str, said: str) -> None:
    status, output = run(*arguments.split())

    assert status
    assert said in " ".join(output.split())


def test_source_in_place_of_a_provider_is_answered_with_its_provider(folder: Path) -> None:
    renamed = SOURCES.replace("Name: github", "Name: shop-orders")
    assert renamed != SOURCES
    (folder / "sources.yaml").write_text(renamed)

    status, output = run("send", "shop-orders")
    assert status == 2
    assert "shop-orders is a source: inlet send github --source shop-orders" in output
    assert "did you mean" not in output
    assert "is a source" not in run("send", "githb")[1]


def test_sources_are_listed_by_a_command_where_no_file_has_them(folder: Path) -> None:
    (folder / "sources.yaml").write_text("Resources: {}")

    assert "`inlet status` lists the sources." in run("secret")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("secret", "github", SECRET),
        ("add", "linear", SECRET),
        ("send", "linear", "Issue", SECRET),
        *(
            ("secret", "github", option, SECRET)
            for option in ("--secret", "--value", "--key", "--token", "--password")
        ),
        ("send", "linear", "--to", "http://127.0.0.1:9/a", "--secret-file", SECRET),
    ],
)
def test_secret_in_the_command_line_is_not_repeated(arguments: tuple[str, ...]) -> None:
    status, output = run(*arguments)

    assert status
    assert "CANARY" not in output
    assert "--secret-file" in output


@pytest.mark.parametrize("name", ["events", "uploads"])
def test_source_of_events_in_place_of_a_provider_is_answered_with_its_queue(
    folder: Path, name: str
) -> None:
    text = (ROOT / "sources.yaml").read_text(encoding="utf-8")
    named = text.replace("Name: !Ref EventSourceName", f"Name: {name}")
    (folder / "sources.yaml").write_text(text if name == "events" else named, encoding="utf-8")

    status, output = run("send", name)

    assert status == 2
    assert f"{name} is a source of events, which receives no webhooks: send them to its queue" in (
        " ".join(output.replace("│", " ").split())
    )


def test_name_of_the_local_source_of_events_is_that_of_the_deployment() -> None:
    assert _LOCALLY == {"EventSourceName": EVENT_SOURCE}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("send", "did you mean stripe?"),
        ("providers", "did you mean stripe?"),
        ("recipes", "stripe?"),
    ],
)
def test_provider_with_more_than_its_name_is_answered_with_its_preset(
    command: str, said: str
) -> None:
    status, output = run(command, "stripe_webhooks")

    assert status == 2
    assert said in " ".join(output.split())
