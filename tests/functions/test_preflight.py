"""Tests of the preflight: events of CloudFormation, and the real receiver as the version.

Only Lambda is replaced: `invoke` calls the handler of the receiver, with its table and its source
in the emulated account.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import boto3
import pytest

from bridge.adapters.http.retry_budget import RetryBudget
from bridge.receiving.responses import problem
from functions.preflight import handler, wiring
from functions.receiver import handler as receiver
from functions.receiver import wiring as receiver_wiring
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.provisioner_cloud import Context
from tests.support.sam_template import resources
from tests.template.test_custom_resources import parameters, resolved

EVENTS = Path(__file__).parents[2] / "events" / "preflight"
SECRET = "/inlet-bridge/dev/secrets/preflight"

type Invoke = Callable[[Mapping[str, Any]], Any]


def real(event: Mapping[str, Any]) -> Any:
    """Return the response of the receiver of this checkout."""
    context: Any = Context(15, function_name="receiver")
    return receiver.lambda_handler(dict(event), context)


@dataclass
class Versions:
    """The receiver as version 1, 2 and so on; each version starts with empty caches.

    As Lambda does, it publishes nothing if neither code nor configuration have changed since the
    last version.
    """

    answer: Invoke = real
    configuration: str = "first"
    published: dict[str, str] = field(default_factory=dict)
    number: int = 0
    removed: list[str] = field(default_factory=list)
    invoked: list[str] = field(default_factory=list)

    def publish(self) -> str:
        receiver_wiring.receiver.cache_clear()
        last = max(self.published, key=int, default="")
        if self.published.get(last) == self.configuration:
            return last
        self.number += 1
        self.published[str(self.number)] = self.configuration
        return str(self.number)

    def invoke(self, version: str, event: Mapping[str, Any]) -> tuple[object, str]:
        self.invoked.append(version)
        return self.answer(event), ""

    def remove(self, version: str) -> None:
        self.removed.append(version)
        del self.published[version]

    def prune(self, newest: int) -> None:
        for version in sorted(self.published, key=int)[:-newest]:
            self.remove(version)


@dataclass
class Stack:
    """The two resources of the preflight, and the source that is created between them."""

    cloud: DeliveryCloud
    versions: Versions
    slept: list[float] = field(default_factory=list)
    rolling_back: bool = False

    def is_rolling_back(self, stack_id: str) -> bool:
        assert ":stack/inlet-bridge-dev/" in stack_id
        return self.rolling_back

    def change(self, before: str, after: str) -> dict[str, Any]:
        """Update the configuration of the function, then the preflight, as CloudFormation does."""
        self.versions.configuration = after
        return self.send("version-update", before, after)

    def send(self, name: str, before: str = "", after: str = "") -> dict[str, Any]:
        event = json.loads((EVENTS / f"{name}.json").read_text())
        if before:
            event["ResourceProperties"]["Configuration"] = {"RecordDays": after}
            event["OldResourceProperties"] = {
                **event["ResourceProperties"],
                "Configuration": {"RecordDays": before},
            }
        event["ResponseURL"] = self.cloud.provisioned.listener.url
        context: Any = Context(180, function_name="preflight")
        answer = handler.lambda_handler(event, context)
        assert self.cloud.provisioned.listener.answers[-1] == answer
        return answer

    def add_source(self) -> None:
        """Create the source as in the template."""
        written = resources()["PreflightSource"]["Properties"]
        given = resolved(written, parameters(Stage="dev")) | {"Secrets": [SECRET]}
        given = {name: given[name] for name in given.keys() - {"ServiceToken", "ServiceTimeout"}}
        answer = self.cloud.provisioned.create_source(given, connection="")
        assert answer["Status"] == "SUCCESS", answer["Reason"]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    monkeypatch.setenv("RECEIVER_FUNCTION", "receiver")
    with delivery_cloud(monkeypatch) as cloud:
        versions = Versions()
        stack = Stack(cloud, versions)
        monkeypatch.setattr(wiring, "LambdaVersions", lambda *_: versions)
        monkeypatch.setattr(wiring, "CloudFormationStacks", lambda *_: stack)
        budget = RetryBudget(stack.slept.append, remaining=wiring.deadline.remaining)
        monkeypatch.setattr(wiring, "retry_budget", budget)
        wiring.preflight.cache_clear()
        yield stack
        wiring.preflight.cache_clear()


def secret() -> str | None:
    found = boto3.client("ssm").get_parameters(Names=[SECRET], WithDecryption=True)["Parameters"]
    return found[0]["Value"] if found else None


def test_every_sample_event_is_used_by_a_test() -> None:
    own = Path(__file__).read_text()

    assert all(f'"{path.stem}"' in own for path in EVENTS.glob("*.json"))


def test_receiver_of_this_checkout_passes_and_sends_nothing_to_adobe(stack: Stack) -> None:
    named = stack.send("secret-create")
    stack.add_source()

    created = stack.send("version-create")

    assert named["Data"] == {"Name": SECRET}
    assert created["Status"] == "SUCCESS", created["Reason"]
    assert created["Data"]["Version"] == "1"
    assert stack.versions.removed == []
    assert not stack.cloud.adobe.ledger.received
    assert stack.cloud.buffered() == []
    stack.versions.configuration = "another layer"
    assert stack.send("version-update")["Data"]["Version"] == "2"


def test_secret_is_new_each_time_and_appears_in_no_response_or_log(stack: Stack) -> None:
    answers = [stack.send("secret-create")]
    stack.add_source()
    first = secret()
    answers.append(stack.send("version-create"))
    second = secret()

    assert first
    assert second
    assert first != second
    output = json.dumps(answers) + stack.cloud.log.getvalue()
    assert first not in output
    assert second not in output


def always_taken(event: Mapping[str, Any]) -> Any:
    return {**real(event), "statusCode": 200}


def never_there(event: Mapping[str, Any]) -> Any:
    return problem(HTTPStatus.SERVICE_UNAVAILABLE)


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (always_taken, "a forged webhook was answered with 200 and not 401"),
        (never_there, "a signed webhook was answered with 503 and not 200"),
    ],
)
def test_broken_receiver_fails_with_a_one_sentence_reason(
    stack: Stack, broken: Invoke, fault: str
) -> None:
    stack.send("secret-create")
    stack.add_source()
    stack.versions.answer = broken

    answer = stack.send("version-create")

    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == f"version 1 of the receiver was refused: {fault}"
    assert stack.versions.removed == ["1"]


def test_changed_parameter_publishes_a_version_that_is_tested(stack: Stack) -> None:
    stack.send("secret-create")
    stack.add_source()
    stack.versions.configuration = "8"
    stack.send("version-create")

    answer = stack.change("8", "20")

    assert answer["Status"] == "SUCCESS", answer["Reason"]
    assert stack.versions.published[answer["Data"]["Version"]] == "20"
    assert stack.versions.invoked.count("2") == 5


def test_rollback_of_a_changed_parameter_restores_the_old_configuration_untested(
    stack: Stack,
) -> None:
    stack.send("secret-create")
    stack.add_source()
    stack.versions.configuration = "8"
    stack.send("version-create")
    stack.change("8", "20")
    stack.versions.answer = lambda _: None
    stack.rolling_back = True

    restored = stack.change("20", "8")

    assert restored["Status"] == "SUCCESS", restored["Reason"]
    assert stack.versions.published[restored["Data"]["Version"]] == "8"
    assert "3" not in stack.versions.invoked
    stack.rolling_back = False
    stack.versions.answer = real
    assert stack.change("8", "20")["Status"] == "SUCCESS"


def test_rejected_parameter_rolls_back_to_the_version_that_serves(stack: Stack) -> None:
    stack.send("secret-create")
    stack.add_source()
    stack.versions.configuration = "8"
    serving = stack.send("version-create")["Data"]["Version"]
    stack.versions.answer = always_taken
    assert stack.change("8", "20")["Status"] == "FAILED"
    stack.rolling_back = True

    restored = stack.change("20", "8")

    assert restored["Data"]["Version"] == serving
    stack.rolling_back = False
    stack.versions.answer = real
    assert stack.change("8", "20")["Status"] == "SUCCESS"


def test_unchanged_version_is_released_again(stack: Stack) -> None:
    stack.send("secret-create")
    stack.add_source()
    stack.send("version-create")

    assert stack.send("version-update")["Data"]["Version"] == "1"


def test_old_versions_do_not_accumulate(stack: Stack) -> None:
    stack.send("secret-create")
    stack.add_source()
    stack.send("version-create")
    for days in range(10, 20):
        assert stack.change(str(days), str(days + 1))["Status"] == "SUCCESS"

    assert [*stack.versions.published] == ["7", "8", "9", "10", "11"]


def test_secret_is_replaced_without_being_deleted(stack: Stack) -> None:
    stack.send("secret-create")
    stack.add_source()
    stack.send("version-create")

    found = boto3.client("ssm").get_parameter(Name=SECRET)["Parameter"]
    assert found["Version"] == 2


def test_stale_read_of_the_secret_is_repeated(stack: Stack) -> None:
    stack.send("secret-create")
    stack.add_source()
    stale = iter([401, 404, 503])

    def answer(event: Mapping[str, Any]) -> Any:
        status = next(stale, None)
        return {"statusCode": status, "body": "{}"} if status else real(event)

    stack.versions.answer = answer
    assert stack.send("version-create")["Status"] == "SUCCESS"
    assert stack.slept == [5, 5, 5]


def test_rollback_succeeds_in_any_state(stack: Stack) -> None:
    stack.versions.answer = lambda _: None

    assert stack.send("version-rollback")["Status"] == "SUCCESS"


def test_deletion_leaves_no_secret(stack: Stack) -> None:
    stack.send("secret-create")
    assert stack.send("version-delete")["Status"] == "SUCCESS"
    assert secret()

    assert stack.send("secret-delete")["Status"] == "SUCCESS"
    assert secret() is None
