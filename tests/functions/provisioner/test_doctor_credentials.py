"""`doctor` checks the credentials that are stored now, whatever token is still shared."""

import json

import boto3

from adobe_emulator.settings import Tenant
from tests.support.provisioner_cloud import Cloud

PARAMETER = "/inlet-bridge/dev/secrets/adobe"
TENANT = Tenant()
STORED = {
    "client_id": TENANT.client_id,
    "client_secret": TENANT.client_secret,
    "org_id": TENANT.org_id,
    "scopes": ",".join(TENANT.scopes),
    "sandbox": TENANT.sandbox,
}
READ, ISSUED = "the Adobe credentials can be read", "IMS gives a token for their scopes"
SKIPPED = "; the checks that need it were skipped"


def store(text: str) -> None:
    boto3.client("ssm").put_parameter(Name=PARAMETER, Value=text, Overwrite=True)


def examined(cloud: Cloud) -> dict[str, str]:
    return {each["check"]: each["advice"] for each in cloud.ask(action="doctor")["findings"]}


def test_wrong_secret_is_found_while_a_token_is_valid(cloud: Cloud) -> None:
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    before = cloud.parameters()
    store(json.dumps({**STORED, "client_secret": "p8e-another"}))

    found = examined(cloud)

    assert not found[READ]
    refused = "IMS refused the credentials: 401 invalid_client; check client_id, client_secret"
    assert found[ISSUED].startswith(refused)
    assert found[ISSUED].endswith(SKIPPED)
    assert not any("may be" in check for check in found)
    assert cloud.parameters() == before
    store(json.dumps(STORED))
    assert not any(examined(cloud).values())


def test_unreadable_credentials_leave_the_checks_of_aws(cloud: Cloud) -> None:
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    store('{"client_id":"x"}')

    found = examined(cloud)

    assert found.pop(READ).endswith(SKIPPED)
    assert set(found) == {
        "connection orders is complete",
        "the inlet of connection orders can be reached",
    }
