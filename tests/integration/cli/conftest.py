"""Fixtures of the commands: a folder with a file of sources, and an account."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from inlet_bridge.cli import chosen_stage
from inlet_bridge.local.errors import LocalCloudError
from tests.support.adding import SECRET
from tests.support.sources_files import SOURCES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which has `sources.yaml` and a secret; no local cloud runs."""

    def no_cloud(**_: object) -> Any:
        raise LocalCloudError("no local cloud is running")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(chosen_stage, "running_cloud", no_cloud)
    (tmp_path / "sources.yaml").write_text(SOURCES, newline="")
    (tmp_path / "secret.txt").write_text(f"{SECRET}\n")
    return tmp_path


@pytest.fixture
def ssm() -> Iterator[Any]:
    """A client of an account in which the bridge is deployed."""
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "a1b2c3d4e5"}}
    template = {"Resources": {"WebhookApi": bucket}}
    with mock_aws():
        boto3.client("cloudformation").create_stack(
            StackName="inlet-bridge-dev", TemplateBody=json.dumps(template)
        )
        yield boto3.client("ssm")
