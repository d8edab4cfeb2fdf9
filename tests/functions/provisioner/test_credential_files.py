"""The technical account as the Developer Console gives it; the emulated IMS wants commas."""

import json
from typing import Any

import boto3
import pytest

from adobe_emulator.settings import Tenant
from tests.support.provisioner_cloud import Cloud

PARAMETER = "/inlet-bridge/dev/secrets/adobe"
TENANT = Tenant()
ACCOUNT = {
    "client_id": TENANT.client_id,
    "client_secrets": [TENANT.client_secret, "p8e-TOPSECRET-second"],
    "technical_account_email": "a@techacct.adobe.com",
    "technical_account_id": "a@techacct.adobe.com",
    "scopes": list(TENANT.scopes),
}
OTHER = {**ACCOUNT, "client_id": "another", "client_secrets": ["p8e-TOPSECRET-other"]}
OWN = {
    "client_id": TENANT.client_id,
    "client_secret": TENANT.client_secret,
    "org_id": TENANT.org_id,
    "scopes": ",".join(TENANT.scopes),
    "sandbox": TENANT.sandbox,
}
FLAT = {
    "ORG_ID": TENANT.org_id,
    "CLIENT_ID": TENANT.client_id,
    "CLIENT_SECRETS": ACCOUNT["client_secrets"],
    "TECHNICAL_ACCOUNT_ID": "a@techacct.adobe.com",
    "SCOPES": list(TENANT.scopes),
    "sandbox": TENANT.sandbox,
}
POSTMAN = {
    "name": "OAuth Server-to-Server",
    "values": [
        {"key": "CLIENT_SECRET", "value": TENANT.client_secret, "enabled": True},
        {"key": "API_KEY", "value": TENANT.client_id, "enabled": True},
        {"key": "ACCESS_TOKEN", "value": "", "enabled": True},
        {"key": "SCOPES", "value": list(TENANT.scopes), "enabled": True},
        {"key": "IMS", "value": "ims-na1.adobelogin.com", "enabled": True},
        {"key": "IMS_ORG", "value": TENANT.org_id, "enabled": True},
    ],
    "sandbox": TENANT.sandbox,
}


def project(*accounts: dict[str, Any], **added: str) -> dict[str, Any]:
    """The download of a project."""
    api_key = {"id": "1", "integration_type": "apikey", "api_key": {"client_id": "browser"}}
    kind = "oauth_server_to_server"
    credentials = [{"id": "2", "integration_type": kind, kind: each} for each in accounts]
    return {
        "project": {
            "id": "44",
            "name": "884CoralMockingbird",
            "org": {"id": "1", "name": "Acme", "ims_org_id": TENANT.org_id},
            "workspace": {"name": "Stage", "details": {"credentials": [api_key, *credentials]}},
        },
        **added,
    }


SANDBOX = {"sandbox": TENANT.sandbox}
FILES: dict[str, Any] = {
    "own form": OWN,
    "scopes with spaces": OWN | {"scopes": " ".join(TENANT.scopes)},
    "scopes with commas and spaces": OWN | {"scopes": ", ".join(TENANT.scopes)},
    "scopes as a list with commas": OWN | {"scopes": [", ".join(TENANT.scopes)]},
    "scopes as the text of a list": OWN | {"scopes": json.dumps(TENANT.scopes)},
    "names in camel case": {
        "clientId": TENANT.client_id,
        "clientSecrets": ACCOUNT["client_secrets"],
        "imsOrgId": TENANT.org_id,
        "scopes": list(TENANT.scopes),
        "sandboxName": TENANT.sandbox,
    },
    "names of aepp": {
        "client_id": TENANT.client_id,
        "secret": TENANT.client_secret,
        "org_id": TENANT.org_id,
        "scopes": ",".join(TENANT.scopes),
        "sandbox-name": TENANT.sandbox,
        "environment": "prod",
    },
    "names of aio": {**ACCOUNT, "ims_org_id": TENANT.org_id, **SANDBOX},
    "download of a credential": FLAT,
    "download for Postman": POSTMAN,
    "download of a project": project(ACCOUNT, **SANDBOX),
    "the first of several credentials": project(ACCOUNT, OTHER, **SANDBOX),
    "a named one of several credentials": project(
        OTHER, ACCOUNT, client_id=TENANT.client_id, **SANDBOX
    ),
}


def created(cloud: Cloud, text: str) -> dict[str, Any]:
    boto3.client("ssm").put_parameter(Name=PARAMETER, Value=text, Overwrite=True)
    return cloud.send("connection-create")


@pytest.mark.parametrize("name", FILES)
def test_file_is_taken(cloud: Cloud, name: str) -> None:
    answer = created(cloud, json.dumps(FILES[name], indent=2))

    assert answer["Status"] == "SUCCESS", answer["Reason"]


def test_byte_order_mark_is_ignored(cloud: Cloud) -> None:
    assert created(cloud, "\ufeff" + json.dumps(OWN))["Status"] == "SUCCESS"


IN_PROJECT = "project.workspace.details.credentials[].oauth_server_to_server"
LACKING: dict[str, tuple[Any, str]] = {
    "no sandbox": (project(ACCOUNT), "sandbox"),
    "no credential": (project(**SANDBOX), f"{IN_PROJECT}.client_id"),
    "no secret": (project({**ACCOUNT, "client_secrets": []}, **SANDBOX), "client_secrets"),
    "no scopes": (project({**ACCOUNT, "scopes": []}, **SANDBOX), f"{IN_PROJECT}.scopes"),
    "no organization": ({**project(ACCOUNT, **SANDBOX), "project": {}}, "client_id"),
    "no upper case secret": ({**FLAT, "CLIENT_SECRETS": None}, "CLIENT_SECRETS"),
    "no upper case scopes": ({**FLAT, "SCOPES": ", "}, "SCOPES"),
    "no scope that is a text": (OWN | {"scopes": [1, None]}, "scopes"),
    "a secret of another type": (OWN | {"client_secret": ["", 1]}, "client_secret"),
    "a project of another type": ({"project": ["TOPSECRET"], **SANDBOX}, "client_id"),
    "values of another type": ({"values": {"TOPSECRET": 1}, **SANDBOX}, "client_id"),
}


@pytest.mark.parametrize("name", LACKING)
def test_missing_field_is_named_in_one_sentence(
    cloud: Cloud, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    document, field = LACKING[name]

    reason = created(cloud, json.dumps(document))["Reason"]
    assert reason.startswith("the Adobe credentials have no field ")
    assert f"{field}, or it is not a string" in reason
    ours = (record for record in caplog.records if record.name != "responses")
    logged = " ".join(str(vars(record)) for record in ours)
    for secret in ("TOPSECRET", TENANT.client_secret):
        assert secret not in reason + logged
    assert cloud.adobe.ims.minted == 0


def test_wrong_organization_is_named(cloud: Cloud) -> None:
    answer = created(cloud, json.dumps({**FLAT, "ORG_ID": "0A1B"}))

    assert answer["Reason"] == "the Adobe credentials' ORG_ID does not end in @AdobeOrg"
