"""Fixtures of the commands."""

import pytest

from inlet_bridge.operations.deployed import Deployed
from tests.support.provisioner_account import Account


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    account = Account()
    monkeypatch.setattr(Deployed, "_client", account.client)
    return account
