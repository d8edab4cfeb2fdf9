"""Runs of `inlet init` with answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.server import serving
from adobe_emulator.settings import (
    EVENTS_DATASET_ID,
    Tenant,
)
from tests.support.initializing import CONFIG, download

SECRET = "p8e-TOPSECRET"
FLAGS = (
    *("--stage", "dev", "--region", "eu-west-1", "--credentials", "adobe.json"),
    *("--sandbox", "dev", "--dataset", EVENTS_DATASET_ID, "--keep-bodies", "7"),
)


def without(*flags: str) -> list[str]:
    pairs = zip(FLAGS[::2], FLAGS[1::2], strict=True)
    return [word for pair in pairs if pair[0] not in flags for word in pair]


@contextmanager
def adobe_with_sandboxes() -> Iterator[Adobe]:
    tenant = Tenant(client_secret=SECRET, other_sandboxes={"prod": "active", "gone": "deleted"})
    with serving(tenant=tenant) as running:
        yield running


def project_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, adobe: Adobe) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_REGION", raising=False)
    (tmp_path / "samconfig.toml").write_text(CONFIG)
    (tmp_path / "adobe.json").write_text(download(adobe))
    return tmp_path
