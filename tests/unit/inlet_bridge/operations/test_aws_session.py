"""The region of a session is that of the environment, as of the AWS CLI."""

from pathlib import Path

import pytest

from inlet_bridge.operations.aws_session import aws_session


@pytest.fixture(autouse=True)
def profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A configuration file with a region, and nothing in the environment."""
    path = tmp_path / "config"
    path.write_text("[default]\nregion = eu-south-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)


def region(given: str = "") -> str:
    found: str = aws_session(given).client("sqs").meta.region_name
    return found


def test_aws_region_overrides_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-3")

    assert region() == "eu-west-3"


def test_aws_region_overrides_the_variable_of_older_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    assert region() == "eu-west-3"


def test_without_it_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert region() == "eu-south-1"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert region() == "eu-west-1"


def test_option_overrides_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-3")

    assert region("eu-north-1") == "eu-north-1"
