"""Tests of reading credentials before their sandbox is known."""

import json
from pathlib import Path

import pytest

from bridge.adapters.adobe.credentials import parse_credentials
from inlet_bridge.initialization.errors import InitializationError
from inlet_bridge.initialization.technical_account import account_of, read_account, stored_form

FIELDS = {
    "client_id": "id",
    "client_secret": "p8e-TOPSECRET",
    "org_id": "0A@AdobeOrg",
    "scopes": "openid,session",
}


def test_account_without_a_sandbox() -> None:
    assert account_of(json.dumps(FIELDS), "file").sandbox == ""


def test_sandbox_of_the_file_counts() -> None:
    assert account_of(json.dumps({**FIELDS, "sandbox": "dev"}), "file").sandbox == "dev"


def test_stored_form_is_read_by_the_bridge() -> None:
    account = account_of(json.dumps({**FIELDS, "sandbox": "dev", "more": "x" * 9_000}), "file")

    assert parse_credentials(stored_form(account)) == account
    assert len(stored_form(account)) < 4_096


def test_stored_form_contains_no_double_braces() -> None:
    """SSM rejects them."""
    account = account_of(json.dumps({**FIELDS, "client_secret": "p8e-{{x}}"}), "file")

    assert "{{" not in stored_form(account)
    assert parse_credentials(stored_form(account._replace(sandbox="dev"))).client_secret == (
        "p8e-{{x}}"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"TOPSECRET", "are not JSON"),
        (b"[]", "are not a JSON object"),
        (b"{}", "have no field client_id"),
        (b"\xff", "is not UTF-8"),
        (b" " * 1_000_001, "is over 1 MB"),
        (b"[" * 100_000, "are not JSON"),
    ],
)
def test_unusable_file_is_named_without_its_content(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "adobe.json"
    file.write_bytes(content)

    with pytest.raises(InitializationError, match=reason) as caught:
        read_account(file)

    assert "adobe.json" in str(caught.value)
    assert "TOPSECRET" not in str(caught.value)
