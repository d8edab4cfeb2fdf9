"""Tests of the arguments of the command line."""

from pathlib import Path

import pytest

from tests.support.command_runs import run


def test_help_is_printed_without_a_command() -> None:
    assert "up" in run()[1]


def test_help_explains_the_exit_status() -> None:
    status, output = run("up", "--help")

    assert status == 0
    assert "exit status is 0 only if every check passed" in " ".join(output.split())


@pytest.mark.parametrize(
    "option", ["--credentials", "--dataset-id", "--schema-id", "--ims", "--inlet-host"]
)
def test_options_of_another_adobe_require_its_url(option: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, output = run("up", option, str(tmp_path / "file"))

    assert status == 2
    assert option in output
    assert "requires --adobe" in output


def test_another_adobe_requires_its_credentials_and_ids() -> None:
    status, output = run("up", "--adobe", "http://127.0.0.1:9")

    assert status == 2
    assert "--credentials, --dataset-id, --schema-id" in output


def test_folder_of_payloads_must_exist() -> None:
    status, output = run("up", "--payloads", "/nonexistent")

    assert status == 2
    assert "does not exist" in output
