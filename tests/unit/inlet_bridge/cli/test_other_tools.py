"""Commands and options of other tools: the error names what does the same here."""

import re

import pytest
import typer.main

from inlet_bridge.cli.main import app
from inlet_bridge.cli.other_commands import EQUIVALENTS
from tests.support.command_runs import run

_NAMED = re.compile(r"`inlet ([a-z][a-z-]*)(?: ([a-z]+))?")


def exists(words: list[str]) -> bool:
    command = typer.main.get_command(app)
    for word in words:
        found = getattr(command, "commands", {}).get(word)
        if found is None:
            return False
        command = found
    return True


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        ("listen", "`inlet up`"),
        ("trigger", "`inlet send PROVIDER EVENT`"),
        ("logs", "`inlet tail`"),
        ("schema list", "`inlet schema show CONNECTION/FLOW`"),
        (
            "schema webhooks/events",
            "`inlet schema show webhooks/events` lists the fields of its schema.",
        ),
        ("login", "AWS_PROFILE and AWS_REGION select the account"),
        ("deploy", "`make deploy` deploys to AWS"),
        ("sources", "`inlet status`"),
        ("dead-letters replay", "`inlet dead-letters redrive`"),
        ("failed retry", "`inlet failed replay`"),
        *((each, "`inlet resume SOURCE`") for each in ("unpause", "enable", "continue")),
        *((each, "`inlet pause SOURCE`") for each in ("disable", "suspend", "stop")),
        ("start", "`inlet up` runs the bridge on this machine; `inlet resume SOURCE`"),
        *((each, "`inlet deliveries`") for each in ("list", "ls")),
        *((each, "`inlet why ID`") for each in ("get", "describe")),
        *((each, "remove the resource from sources.yaml") for each in ("rm", "delete", "remove")),
        ("retry", "`inlet replay SOURCE --id ID`"),
        ("test", "`inlet map SOURCE FILE`"),
    ],
)
@pytest.mark.parametrize("rest", [(), ("--forward-to", "localhost:3000"), ("stripe",)])
def test_command_of_another_tool_is_answered_with_ours(
    command: str, instead: str, rest: tuple[str, ...]
) -> None:
    status, output = run(*command.split(), *rest)

    assert status == 2
    assert f"there is no command {command.rsplit(maxsplit=1)[-1]}; {instead}" in output


@pytest.mark.parametrize("words", EQUIVALENTS)
def test_named_command_exists(words: str) -> None:
    assert not exists(words.split())
    for name, second in _NAMED.findall(EQUIVALENTS[words]):
        is_group = second and exists([name]) and name in {"schema", "failed", "dead-letters"}
        assert exists([name, second] if is_group else [name]), (name, second)


def test_other_unknown_command_is_answered_with_similar_ones() -> None:
    assert "Did you mean 'deliveries'" in run("deliverys")[1]
    assert "Did you mean 'list'" in run("failed", "lst")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("dead-letters redrive --yes", "--yes. It asks nothing: leave --yes out."),
        ("failed replay --yes", "--yes. It asks nothing: leave --yes out."),
        ("resume linear -y", "-y. It asks nothing: leave -y out."),
        ("failed drop --force", "--force. Write --yes."),
        ("deliveries --stage dev", "Name the stack: --stack inlet-bridge-STAGE."),
        ("secret linear --stack inlet-bridge-dev", "Name the stage: --stage STAGE"),
        ("status --region eu-west-1", "AWS_PROFILE and AWS_REGION select the account"),
        ("deliveries --source linear", "Write the name of the source without --source."),
        ("why --id d-1", "Write the ID without --id."),
        ("send linear --data @issue.json", "Name the file with --body."),
        ("pause github --for 1h", "--for. A pause lasts until `inlet resume`: leave --for out."),
        ("tail -f", "-f. It follows the logs: leave -f out."),
        ("tail linear --follow", "--follow. It follows the logs: leave --follow out."),
        ("add linear --dry-run", "`inlet providers PROVIDER` prints a source; `inlet plan` shows"),
        ("add linear --connection webhooks", "--flow CONNECTION/FLOW."),
        ("map linear a.json --offline", "it reads the file alone: leave --offline out."),
        ("map linear a.json --connection webhooks", "The Connection of the source in the file"),
        ("map linear --body a.json", "Write the file without --body."),
        ("deliveries --follow", "`inlet tail` follows what is logged."),
        ("deliveries -f", "-f. `inlet tail` follows what is logged."),
        ("deliveries --tail", "--tail. `inlet tail` follows what is logged."),
        ("map github a.json -f sources.yaml", "-f. Write --file FILE."),
        ("plan -f sources.yaml", "-f. Write --file FILE."),
        ("add linear -f sources.yaml", "-f. Write --file FILE. To confirm, write --yes."),
        ("failed drop -f", "-f. Write --yes."),
        ("deliveries -n 5", "-n. --limit says how many: write --limit in place of -n."),
        ("deliveries --provider github", "Write the name of a source without --provider"),
        ("deliveries --id d-1", "--id. `inlet why ID` shows one delivery."),
        ("tail linear --state dead", "`inlet deliveries --state STATE` lists those of one state."),
        ("send linear --count 5", "It sends one webhook: leave --count out, and repeat"),
        ("send linear --id d-1", "`inlet replay SOURCE --id ID` sends a kept webhook again."),
        ("audit --source linear", "It counts all sources, each by itself: leave --source out."),
        ("plan --dry-run", "`inlet plan` changes nothing: leave --dry-run out."),
        ("apply --dry-run", "`inlet plan` shows the changes, and makes none."),
        ("pause --all", "`inlet pause --connection NAME` takes all sources of a connection."),
        ("resume --all", "`inlet resume --connection NAME` takes all sources of a connection."),
        ("replay linear --all", "Without a selection, it sends all: leave --all out."),
        ("failed replay --all", "Without a selection, it sends all: leave --all out."),
        ("replay --connection webhooks", "It takes one source, without --connection."),
        ("failed replay --to a/b", "`inlet replay SOURCE --id ID --to CONNECTION/FLOW` sends a"),
        ("status --source linear", "it shows all sources: leave --source out."),
        ("cost --webhooks 3", "Write --per-month in place of --webhooks."),
    ],
)
def test_option_of_another_command_is_answered_with_the_one_that_fits(
    arguments: str, sentence: str
) -> None:
    status, output = run(*arguments.split())

    assert status == 2
    assert sentence in " ".join(output.split())


def test_option_without_its_value_is_not_taken_for_an_unknown_one() -> None:
    assert "without --source" not in run("dead-letters", "list", "--source")[1]


def test_other_unknown_option_is_answered_with_similar_ones() -> None:
    assert "--since" in run("tail", "--sinse", "1h")[1]
