"""What the operations page says about failed deployments exists: commands, options, resources."""

import json
import re
import shlex
import subprocess

import pytest
from botocore import xform_name
from botocore.session import get_session

from tests.support.sam_template import ROOT, source_resources
from tests.support.waiting import MAX_SECONDS

PAGE = (ROOT / "docs" / "operations.md").read_text()
_OPTIONS = """
import json
from samcli.commands.deploy.command import cli
print(json.dumps([name for each in cli.params for name in (*each.opts, *each.secondary_opts)]))
"""


def commands(heading: str, program: str) -> list[list[str]]:
    """The words of each command in the text of a section."""
    section = re.split(r"^##", PAGE.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)
    found = re.findall(rf"`({program} [^`]+)`", " ".join(section[0].split()))
    return [shlex.split(line)[2:] for line in found]


ROLLBACK = commands("A rollback that fails", "aws cloudformation")


@pytest.mark.parametrize("words", ROLLBACK, ids=" ".join)
def test_command_for_a_failed_rollback_is_one_of_cloudformation(words: list[str]) -> None:
    session = get_session()
    model = session.get_service_model("cloudformation")
    operation, *options = words
    if operation == "wait":
        waiters = session.get_waiter_model("cloudformation").waiter_names
        assert options.pop(0) in {xform_name(each, "-") for each in waiters}
        operation = "describe-stacks"
    [found] = [each for each in model.operation_names if xform_name(each, "-") == operation]
    shape = model.operation_model(found).input_shape
    assert shape
    given = {word.removeprefix("--") for word in options if word.startswith("--")}

    assert given <= {xform_name(each, "-") for each in shape.members}


def test_failed_rollback_is_continued_with_or_without_a_resource_of_the_sources() -> None:
    """Whose custom resources fail while Adobe is unavailable."""
    continued = [words for words in ROLLBACK if words[0] == "continue-update-rollback"]
    complete, skipping = sorted(continued, key=len)

    assert complete == ["continue-update-rollback", "--stack-name", "STACK-sources"]
    option = skipping.index("--resources-to-skip")
    assert {source_resources()[name]["Type"] for name in skipping[option + 1 :]} == {
        "Custom::StreamingConnection"
    }


def test_logs_of_a_failed_creation_are_kept_by_an_option_of_sam() -> None:
    ended = subprocess.run(  # noqa: S603
        [str(ROOT / ".tools" / "sam" / "bin" / "python"), "-c", _OPTIONS],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=MAX_SECONDS,
    )
    [words] = commands("The first deployment", "sam deploy")

    assert "--disable-rollback" in words
    assert {word for word in words if word.startswith("--")} <= {*json.loads(ended.stdout)}
