"""Tests of `inlet doctor`: what it says about the account, and its exit status."""

import io
import json
import re
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.session import get_session
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.operations.deployed import Deployed
from tests.support.operator_account import OperatorAccount

TOPIC = "arn:aws:sns:eu-west-1:111122223333:pager"
SUBSCRIBED = {"SubscriptionsConfirmed": "1", "SubscriptionsPending": "0"}


class Account(OperatorAccount):
    """An account whose provisioner finds nothing wrong and whose alarms reach somebody."""

    def __init__(self) -> None:
        super().__init__()
        self.given = {"AlarmTopicArn": TOPIC}
        self.topics = {TOPIC: dict(SUBSCRIBED)}
        self.resources = {"ProvisionerFunction": "p"}

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName
        assert json.loads(Payload) == {"action": "doctor"}
        finding = {"check": "IMS gives a token", "ok": True, "advice": ""}
        return {"Payload": io.BytesIO(json.dumps({"ok": True, "findings": [finding]}).encode())}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    account = Account()
    monkeypatch.setattr(Deployed, "_client", account.client)
    return account


def run(*, status: int = 0) -> str:
    """Return the output, which always has the provisioner's findings."""
    result = CliRunner().invoke(app, ["doctor"], env={"COLUMNS": "500", "NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    assert "✓ IMS gives a token" in result.output
    return result.output


def test_account_with_the_usual_quotas_passes(account: Account) -> None:
    output = run()

    assert "✓ Lambda has concurrency for the receiver (1000 in this account and region)" in output
    assert "✓ Parameter Store answers as many receivers as may start at once" in output
    assert "✓ alarms notify somebody" in output
    assert not any(mark in output for mark in ("✗", "!", "not checked"))


def test_new_account_is_told_what_it_serves_and_how_to_raise_it(account: Account) -> None:
    account.concurrency = (10, 10)

    output = run()

    assert "! Lambda has concurrency for the receiver (10 in this account and region)" in output
    assert "6 receivers serve about 50 webhooks a second" in output
    assert "--quota-code L-B99A9384 --desired-value 1000" in output


@pytest.mark.parametrize(
    ("concurrency", "queues"),
    [("10", []), ("6", ["Events-1"]), ("2", ["Events-1", "Events-2"])],
)
def test_forwarders_that_can_take_everything_fail(
    account: Account, concurrency: str, queues: list[str]
) -> None:
    account.concurrency = (10, 10)
    account.given |= {"ForwarderConcurrency": concurrency}
    account.parameters = [f"/inlet-bridge/dev/queues/{name}" for name in queues]

    output = run(status=1)

    assert "✗ Lambda has concurrency" in output
    assert "10 forwarders can take all of it; lower ForwarderConcurrency" in output


def test_reservation_is_the_receivers_concurrency(account: Account) -> None:
    account.concurrency = (1_000, 900)
    account.given |= {"ReceiverConcurrency": "100"}

    assert "100 receivers serve about 833 webhooks a second" in run()

    account.given |= {"RequestsPerSecond": "800"}
    assert "✓ Lambda has concurrency" in run()


def test_default_throughput_of_parameter_store_is_compared_with_cold_starts(
    account: Account,
) -> None:
    account.high_throughput = "false"

    output = run()

    assert "! Parameter Store answers" in output
    assert "240 receivers that start at once make 720 calls, which take 18 s at 40" in output
    assert "--setting-id /ssm/parameter-store/high-throughput-enabled" in output

    account.concurrency = (10, 10)
    assert "✓ Parameter Store answers" in run()


@pytest.mark.parametrize(
    ("attributes", "advice"),
    [
        ({"SubscriptionsConfirmed": "0", "SubscriptionsPending": "1"}, "confirm the subscription"),
        ({"SubscriptionsConfirmed": "0", "SubscriptionsPending": "0"}, "nobody has subscribed"),
        ({**SUBSCRIBED, "KmsMasterKeyId": "alias/aws/sns"}, "CloudWatch cannot use the key"),
        (None, "there is no topic"),
    ],
)
def test_alarms_that_reach_nobody_fail(
    account: Account, attributes: dict[str, str] | None, advice: str
) -> None:
    account.topics = {TOPIC: attributes} if attributes else {}

    output = run(status=1)

    assert "✗ alarms notify somebody" in output
    assert advice in output


def test_command_that_subscribes_has_the_options_that_it_requires(account: Account) -> None:
    account.topics = {TOPIC: {"SubscriptionsConfirmed": "0", "SubscriptionsPending": "0"}}
    subscribe = get_session().get_service_model("sns").operation_model("Subscribe").input_shape

    given = set(re.findall(r"--([a-z-]+)", run(status=1).partition("aws sns subscribe")[2]))

    assert subscribe
    assert {xform_name(name, "-") for name in subscribe.required_members} <= given


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ({"AlarmTopicArn": ""}, "deploy with AlarmTopicArn"),
        ({"AlarmTopicArn": "", "Alarms": "disabled"}, "deploy with Alarms=enabled"),
    ],
)
def test_missing_notifications_are_advice(
    account: Account, given: dict[str, str], advice: str
) -> None:
    account.given |= given

    output = run()

    assert "! alarms notify somebody" in output
    assert advice in output


def test_one_of_two_confirmed_subscriptions_is_advice(account: Account) -> None:
    account.topics[TOPIC]["SubscriptionsPending"] = "1"

    assert "1 of 2 subscriptions" in run()


def test_what_the_operator_may_not_read_is_not_checked(account: Account) -> None:
    account.denied = {"GetAccountSettings", "GetServiceSetting", "GetTopicAttributes"}

    output = run()

    for operation in account.denied:
        assert f"not checked: {operation}: AccessDenied" in output
    assert "✗" not in output


@pytest.mark.parametrize("code", ["AccessDeniedException", "TooManyRequestsException"])
def test_provisioner_that_cannot_be_invoked_leaves_the_other_findings(
    account: Account, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def rejected(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "not now"}}, "Invoke")

    monkeypatch.setattr(account, "invoke", rejected)

    result = CliRunner().invoke(app, ["doctor", "--json"])

    assert result.exit_code == 1
    *others, last = json.loads(result.stdout)["checks"]
    assert [each["status"] for each in others] == ["ok", "ok", "ok"]
    assert last["check"] == "the provisioner runs its checks"
    assert last["status"] == "failed"
    assert last["advice"] == f"AWS rejected Invoke: {code}: not now"
