"""Every test of a function detects a missing permission."""

import boto3
import pytest

from tests.support.provisioner_cloud import provisioner_cloud
from tests.support.template_policies import Deployment


def test_call_that_the_role_of_the_function_does_not_allow_is_detected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def allows(_: Deployment, function: str, action: str, *__: object) -> bool:
        return action != "ssm:PutParameter"

    monkeypatch.setattr(Deployment, "allows", allows)
    denied = "provisioner: Request.*ssm:PutParameter.*/inlet-bridge/dev/connections/orders"
    with pytest.raises(AssertionError, match=denied), provisioner_cloud(monkeypatch) as cloud:
        cloud.send("connection-create")


def test_calls_of_the_test_itself_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deployment, "allows", lambda *_: False)

    with provisioner_cloud(monkeypatch):
        boto3.client("ssm").get_parameters(Names=["/inlet-bridge/dev/secrets/adobe"])
