"""A permission that is missing is found out by every test of a function."""

import boto3
import pytest

from tests.support.provisioner_cloud import provisioner_cloud
from tests.support.template_policies import Deployment


def test_a_call_that_its_functions_role_does_not_allow_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def allows(_: Deployment, function: str, action: str, *__: object) -> bool:
        return action != "ssm:PutParameter"

    monkeypatch.setattr(Deployment, "allows", allows)
    denied = "provisioner: Request.*ssm:PutParameter.*/inlet-bridge/dev/connections/orders"
    with pytest.raises(AssertionError, match=denied), provisioner_cloud(monkeypatch) as cloud:
        cloud.send("connection-create")


def test_what_a_test_calls_itself_is_not_a_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deployment, "allows", lambda *_: False)

    with provisioner_cloud(monkeypatch):
        boto3.client("ssm").get_parameters(Names=["/inlet-bridge/dev/secrets/adobe"])
