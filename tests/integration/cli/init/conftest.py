"""A folder for `inlet init`, SSM in process and Adobe on a socket."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from adobe_emulator.emulator import Adobe
from tests.support.init_runs import adobe_with_sandboxes, project_folder


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with adobe_with_sandboxes() as adobe:
        yield adobe


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, adobe: Adobe) -> Path:
    return project_folder(tmp_path, monkeypatch, adobe)


@pytest.fixture
def ssm() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("ssm", region_name="eu-west-1")
