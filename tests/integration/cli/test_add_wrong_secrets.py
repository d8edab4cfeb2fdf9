"""Tests of how `inlet add` refuses files that hold more than the secret."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.adding import run, unchanged


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("STRIPE_SECRET=whsec_CANARY", "it has the form NAME=VALUE, and only VALUE is the secret"),
        ("whsec_CANARY\nwhsec_CANARY2", "it has several lines; the secret is one line"),
    ],
)
def test_file_with_more_than_the_secret_changes_nothing(
    folder: Path, ssm: Any, text: str, said: str
) -> None:
    (folder / "secret.txt").write_text(text)

    status, output = run("stripe", "--secret-file", "secret.txt")

    assert status == 2
    assert said in " ".join(output.split())
    assert "CANARY" not in output
    assert unchanged(folder)
    assert not ssm.describe_parameters()["Parameters"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("GITHUB_TOKEN=ghp_CANARY", "it has the form NAME=VALUE, and only VALUE is the key"),
        ('"ghp_CANARY"', "it has quotation marks around it"),
        ("ghp_CANARY ghp_CANARY2", "it must be one line without spaces"),
    ],
)
def test_file_with_more_than_a_token_changes_nothing(
    folder: Path, ssm: Any, text: str, said: str
) -> None:
    (folder / "secret.txt").write_text(text)
    arguments = ("--subscription", "Repository=acme/shop", "--secret-file", "secret.txt")

    status, output = run("github", "--name", "shop", *arguments)

    assert status == 2
    assert said in " ".join(output.split())
    assert "CANARY" not in output
    assert not ssm.describe_parameters()["Parameters"]
