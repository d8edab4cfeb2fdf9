"""Checks of the AWS account that a deployment runs in, with the operator's own credentials."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.operations.unreachable import unreachable

# Time of a webhook in the receiver: docs/performance.md, "Assumptions" of the cost.
_RECEIVER_SECONDS = 0.12
EVENTS_CONCURRENCY = 4
"""`MaximumConcurrency` of a queue of events in sources.yaml."""
# A new account has less (AWS Lambda developer guide, "Lambda quotas").
_USUAL_CONCURRENCY = 1_000
# Of Parameter Store without higher throughput, per second, account and region
# (https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm).
_PARAMETER_CALLS = 40
# Calls of an environment's first webhook: source document, secrets, token.
_CALLS_PER_START = 3
# Longest time in which cold starts may read their parameters; senders time out after 3 s or more.
_START_SECONDS = 3
_THROUGHPUT = "/ssm/parameter-store/high-throughput-enabled"
# CloudWatch cannot use this key (Amazon SNS developer guide, "Encrypting with AWS KMS").
_KEY_OF_SNS = "alias/aws/sns"


class Status(StrEnum):
    """The result of a check. ADVICE: it works, with a limit. UNCHECKED: AWS did not say."""

    OK = "ok"
    ADVICE = "advice"
    FAILED = "failed"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class AccountFinding:
    """The result of one check.

    Attributes:
        advice: what to do, or why it was not checked; empty if all is well.
    """

    check: str
    status: Status = Status.OK
    advice: str = ""


@dataclass(frozen=True, slots=True)
class AccountChecks:
    """Runs the checks; changes nothing.

    Attributes:
        parameters: of the stack.
        client: returns a client of a service.
        event_queues: returns the names of the queues of events.
    """

    parameters: Mapping[str, str]
    client: Callable[[str], Any]
    event_queues: Callable[[], Collection[str]]

    def examine(self) -> Iterator[AccountFinding]:
        """Findings in order. What the operator may not read is UNCHECKED."""
        receivers = _needed(self.parameters)
        try:
            limits = self.client("lambda").get_account_settings()["AccountLimit"]
            queues = len(self.event_queues())
        except (ClientError, BotoCoreError) as exc:
            yield _unchecked("Lambda has concurrency for the receiver", exc)
        else:
            found = judge_concurrency(limits, self.parameters, queues)
            receivers = min(receivers, found.room)
            yield found.finding
        check = "Parameter Store answers as many receivers as may start at once"
        try:
            setting = self.client("ssm").get_service_setting(SettingId=_THROUGHPUT)
        except (ClientError, BotoCoreError) as exc:
            yield _unchecked(check, exc)
        else:
            value = setting["ServiceSetting"]["SettingValue"]
            yield judge_throughput(check, is_high=value == "true", receivers=receivers)
        yield self._notifications()

    def _notifications(self) -> AccountFinding:
        check = "alarms notify somebody"
        topic = self.parameters.get("AlarmTopicArn", "")
        if self.parameters.get("Alarms") == "disabled":
            return AccountFinding(check, Status.ADVICE, "deploy with Alarms=enabled")
        if not topic:
            advice = "deploy with AlarmTopicArn, an SNS topic with a confirmed subscription"
            return AccountFinding(check, Status.ADVICE, advice)
        try:
            answer = self.client("sns").get_topic_attributes(TopicArn=topic)
        except ClientError as exc:
            if exc.response["Error"]["Code"] in ("NotFound", "NotFoundException"):
                advice = f"there is no topic {topic}; correct AlarmTopicArn"
                return AccountFinding(check, Status.FAILED, advice)
            return _unchecked(check, exc)
        except BotoCoreError as exc:
            return _unchecked(check, exc)
        return judge_topic(check, topic, answer["Attributes"])


@dataclass(frozen=True, slots=True)
class Concurrency:
    """The finding on concurrency, and how many receivers can run at once."""

    finding: AccountFinding
    room: int


def judge_concurrency(
    limits: Mapping[str, int], parameters: Mapping[str, str], event_queues: int
) -> Concurrency:
    """Compare the account's concurrency with what the deployment may use.

    Args:
        limits: `AccountLimit` of Lambda's GetAccountSettings.
        parameters: of the stack.
        event_queues: number of the queues of events.
    """
    limit, unreserved = limits["ConcurrentExecutions"], limits["UnreservedConcurrentExecutions"]
    check = f"Lambda has concurrency for the receiver ({limit} in this account and region)"
    forwarders = int(parameters["ForwarderConcurrency"]) + event_queues * EVENTS_CONCURRENCY
    reserved = int(parameters["ReceiverConcurrency"])
    room = reserved or max(unreserved - forwarders, 0)
    needed = _needed(parameters)
    raise_it = (
        "aws service-quotas request-service-quota-increase --service-code lambda"
        f" --quota-code L-B99A9384 --desired-value {max(_USUAL_CONCURRENCY, limit * 2)}"
    )
    if not room:
        advice = (
            f"{forwarders} forwarders can take all of it; lower ForwarderConcurrency or {raise_it}"
        )
        return Concurrency(AccountFinding(check, Status.FAILED, advice), room)
    if room < needed:
        served = math.floor(room / _RECEIVER_SECONDS)
        remedy = "raise ReceiverConcurrency" if reserved else f"raise the quota: {raise_it}"
        advice = (
            f"{room} receivers serve about {served} webhooks a second, and RequestsPerSecond is"
            f" {parameters['RequestsPerSecond']}; more than that get 429 or 503. If you need"
            f" more, {remedy}"
        )
        return Concurrency(AccountFinding(check, Status.ADVICE, advice), room)
    return Concurrency(AccountFinding(check), room)


def judge_throughput(check: str, *, is_high: bool, receivers: int) -> AccountFinding:
    """Compare Parameter Store's throughput with the calls of receivers that start at once."""
    calls = receivers * _CALLS_PER_START
    if is_high or calls <= _PARAMETER_CALLS * _START_SECONDS:
        return AccountFinding(check)
    advice = (
        f"{receivers} receivers that start at once make {calls} calls, which take"
        f" {math.ceil(calls / _PARAMETER_CALLS)} s at {_PARAMETER_CALLS} a second for the whole"
        " account. If you expect such peaks, enable higher throughput, at a charge: aws ssm"
        f" update-service-setting --setting-id {_THROUGHPUT} --setting-value true"
    )
    return AccountFinding(check, Status.ADVICE, advice)


def judge_topic(check: str, topic: str, attributes: Mapping[str, str]) -> AccountFinding:
    """Whether what is published to a topic reaches somebody.

    Args:
        check: the name of the check.
        topic: its ARN.
        attributes: of SNS's GetTopicAttributes.
    """
    if attributes.get("KmsMasterKeyId", "").endswith(_KEY_OF_SNS):
        advice = f"CloudWatch cannot use the key {_KEY_OF_SNS} of {topic}; use a key of your own"
        return AccountFinding(check, Status.FAILED, advice)
    confirmed, pending = (
        int(attributes.get(name, 0)) for name in ("SubscriptionsConfirmed", "SubscriptionsPending")
    )
    if not confirmed and pending:
        advice = f"confirm the subscription of {topic} with the link in SNS's message"
        return AccountFinding(check, Status.FAILED, advice)
    if not confirmed:
        advice = (
            f"nobody has subscribed to {topic}: aws sns subscribe --topic-arn {topic}"
            " --protocol email --notification-endpoint ADDRESS"
        )
        return AccountFinding(check, Status.FAILED, advice)
    if pending:
        advice = f"{pending} of {confirmed + pending} subscriptions of {topic} are not confirmed"
        return AccountFinding(check, Status.ADVICE, advice)
    return AccountFinding(check)


def _needed(parameters: Mapping[str, str]) -> int:
    """Receivers that run at once at RequestsPerSecond."""
    return math.ceil(int(parameters["RequestsPerSecond"]) * _RECEIVER_SECONDS)


def _unchecked(check: str, exc: ClientError | BotoCoreError) -> AccountFinding:
    if isinstance(exc, ClientError):
        reason = f"{exc.operation_name}: {exc.response['Error']['Code']}"
    else:
        reason = str(unreachable(exc))
    return AccountFinding(check, Status.UNCHECKED, f"not checked: {reason}")
