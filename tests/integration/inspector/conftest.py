"""Fixtures of the pages of the inspector."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.edited_maps import ROUTES
from tests.support.kept_webhooks import Inspected, inspected
from tests.support.map_pages import SchemaAccount, file_with, use_account


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Inspected]:
    with inspected(monkeypatch, tmp_path) as cloud:
        yield cloud


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(file_with(ROUTES, "shopify"))
    return path


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> SchemaAccount:
    account = SchemaAccount({"events": None})
    account.parameters = ["/inlet-bridge/dev/sources/github", "/inlet-bridge/dev/sources/stripe"]
    use_account(monkeypatch, account)
    return account
