"""The deployed provisioner registers webhooks at the vendors: handler, SSM, roles, log.

The stand-ins of the vendors are behind `PublicHttps`, so everything above the socket is real.
"""

import logging

import boto3
import pytest

from tests.support.provisioner_cloud import Cloud
from tests.support.subscribed_sources import url_of
from tests.support.subscription_cases import (
    CASES,
    STAGE,
    TOKENS,
    delete,
    only_hook,
    properties,
    secret,
    update,
)
from tests.support.vendor_stand_ins import VendorStandIns


@pytest.mark.parametrize("preset", CASES)
def test_webhook_is_registered_updated_and_removed_with_its_source(
    cloud: Cloud, vendors: VendorStandIns, preset: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    host, _, others = CASES[preset]
    account = vendors.accounts[host]

    created = cloud.send("source-create", **properties(preset))
    assert created["Status"] == "SUCCESS", created["Reason"]
    hook = only_hook(account)
    assert hook.secret == secret()
    path = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/webhooks/hooks?subscription="
    assert url_of(hook).startswith(path)
    calls = len(vendors.calls)
    assert update(cloud, properties(preset))["Status"] == "SUCCESS"
    assert len(vendors.calls) == calls + 1  # An unchanged subscription costs one list.

    assert update(cloud, properties(preset, Events=others))["Status"] == "SUCCESS"
    assert others[0] in str(only_hook(account).shown)
    assert only_hook(account).id == hook.id
    rotated = properties(preset, f"{preset.partition('_')[0]}-rotated", Events=others)
    assert update(cloud, rotated)["Status"] == "SUCCESS"
    known, answers = {hook.secret, *TOKENS.values()}, str(cloud.listener.answers)

    deleted = delete(cloud)
    assert deleted["Status"] == "SUCCESS", deleted["Reason"]
    assert account.hooks == {}
    assert secret() == ""
    assert not [name for name in cloud.parameters() if "/sources/" in name]

    ours = (record for record in caplog.records if record.name not in ("responses", "botocore"))
    logged = " ".join(str(vars(record)) for record in ours if "botocore" not in record.name)
    assert "vendor responded" in logged
    for text in known:
        assert text not in logged
        assert text not in answers + str(cloud.listener.answers)
        assert text not in str(cloud.parameters())


def test_path_token_is_in_the_url_and_nowhere_else(
    cloud: Cloud, vendors: VendorStandIns, caplog: pytest.LogCaptureFixture
) -> None:
    token = "path-token-NEVERSEEN"
    name = f"{STAGE}/secrets/hooks-path"
    boto3.client("ssm").put_parameter(Name=name, Value=token, Type="SecureString")

    created = cloud.send("source-create", **properties("github"), PathTokens=[name])

    assert created["Status"] == "SUCCESS", created["Reason"]
    assert f"/webhooks/hooks/{token}?" in url_of(only_hook(vendors.accounts["api.github.com"]))
    ours = (record for record in caplog.records if "botocore" not in record.name)
    assert token not in " ".join(str(vars(each)) for each in ours if each.name != "responses")
    assert token not in str(cloud.parameters()) + str(cloud.listener.answers)
