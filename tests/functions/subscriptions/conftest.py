"""A cloud around the provisioner, with the stand-ins of the vendors behind `PublicHttps`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest

from bridge.adapters.http.public_https import Page, PublicHttps
from tests.support.provisioner_cloud import Cloud, provisioner_cloud
from tests.support.subscription_cases import (
    CREDENTIALS,
    TOKENS,
)
from tests.support.vendor_stand_ins import VendorStandIns


@pytest.fixture
def vendors(monkeypatch: pytest.MonkeyPatch) -> VendorStandIns:
    vendors = VendorStandIns()

    def exchange(
        _self: PublicHttps,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        **_limits: Any,
    ) -> Page:
        host, _, target = url.removeprefix("https://").partition("/")
        given = vendors.serve(host, method, f"/{target}", headers, content)
        body = b"" if given.document is None else json.dumps(given.document).encode()
        return Page(given.status, body, given.headers)

    monkeypatch.setattr(PublicHttps, "exchange", exchange)
    return vendors


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, vendors: VendorStandIns) -> Iterator[Cloud]:
    assert vendors.calls == []
    with provisioner_cloud(monkeypatch) as cloud:
        ssm = boto3.client("ssm")
        for name, token in TOKENS.items():
            ssm.put_parameter(Name=f"{CREDENTIALS}/{name}", Value=token, Type="SecureString")
        created = cloud.send("connection-create")
        assert created["Status"] == "SUCCESS", created["Reason"]
        yield cloud
