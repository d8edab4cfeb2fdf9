"""Tests of the command-line options for another Adobe."""

import json
from pathlib import Path

import pytest

from inlet_bridge.local.adobe_process import Adobe, other_adobe
from inlet_bridge.local.errors import LocalCloudError

CREDENTIALS = {
    "client_id": "id",
    "client_secret": "TOPSECRET",
    "org_id": "0@AdobeOrg",
    "scopes": "openid",
    "sandbox": "dev",
}


def named(tmp_path: Path, url: str = "http://127.0.0.1:9", **changes: object) -> Adobe:
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps(CREDENTIALS | changes))
    return other_adobe(
        url,
        ims_url=None,
        inlet_hosts=(),
        credentials=path,
        dataset_id="0" * 24,
        schema_id="https://ns.adobe.com/a/schemas/b",
    )


def test_one_url_is_sufficient_for_an_emulator(tmp_path: Path) -> None:
    adobe = named(tmp_path, "http://127.0.0.1:9/")

    assert adobe.ims_url == adobe.platform_url == "http://127.0.0.1:9"
    assert adobe.inlet_hosts == ("127.0.0.1:9",)
    assert adobe.ledger_url is None


def test_real_adobe_has_three_urls(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps(CREDENTIALS))
    adobe = other_adobe(
        "https://platform.adobe.io",
        ims_url="https://ims-na1.adobelogin.com",
        inlet_hosts=("dcs.adobedc.net",),
        credentials=path,
        dataset_id="0" * 24,
        schema_id="https://ns.adobe.com/a/schemas/b",
    )

    assert adobe.ims_url == "https://ims-na1.adobelogin.com"
    assert adobe.inlet_hosts == ("dcs.adobedc.net",)


def test_credentials_appear_in_no_representation(tmp_path: Path) -> None:
    assert "TOPSECRET" not in repr(named(tmp_path))


def test_missing_credential_field_is_named_without_quoting_values(tmp_path: Path) -> None:
    with pytest.raises(LocalCloudError, match="lacks org_id, sandbox") as caught:
        named(tmp_path, org_id="", sandbox=None)

    assert "TOPSECRET" not in f"{caught.value}{caught.value.hint}"


def test_credentials_that_are_not_json_are_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_text("TOPSECRET")
    with pytest.raises(LocalCloudError, match="cannot be read as JSON") as caught:
        other_adobe(
            "http://x",
            ims_url=None,
            inlet_hosts=(),
            credentials=path,
            dataset_id="",
            schema_id="",
        )

    assert "TOPSECRET" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("url", ["platform.adobe.io", "ftp://x", "http://"])
def test_invalid_url_is_rejected(tmp_path: Path, url: str) -> None:
    with pytest.raises(LocalCloudError, match="no URL of an Adobe"):
        named(tmp_path, url)
