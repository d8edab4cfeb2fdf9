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
    """The receiver as version 1, 2 and so on; each version starts with empty caches."""

    answer: Invoke = real
    number: int = 0
    removed: list[str] = field(default_factory=list)

    def publish(self) -> str:
        receiver_wiring.receiver.cache_clear()
        self.number += 1
        return str(self.number)

    def invoke(self, version: str, event: Mapping[str, Any]) -> tuple[object, str]:
        return self.answer(event), ""

    def remove(self, version: str) -> None:
        self.removed.append(version)


@dataclass
class Stack:
    """The two resources of the preflight, and the source that is created between them."""

    cloud: DeliveryCloud
    versions: Versions

    def send(self, name: str) -> dict[str, Any]:
        event = json.loads((EVENTS / f"{name}.json").read_text())
        event["ResponseURL"] = self.cloud.provisioned.listener.url
        context: Any = Context(180, function_name="preflight")
        answer = handler.lambda_handler(event, context)
        assert self.cloud.provisioned.listener.answers[-1] == answer
        return answer

    def add_source(self) -> None:
        """Create the source as in the template, with the connection name of the tests."""
        written = resources()["PreflightSource"]["Properties"]
        given = resolved(written, parameters(Stage="dev", FlowName="orders"))
        given |= {"Connection": "orders", "Secrets": [SECRET]}
        given = {name: given[name] for name in given.keys() - {"ServiceToken", "ServiceTimeout"}}
        answer = self.cloud.provisioned.send("source-create", **given)
        assert answer["Status"] == "SUCCESS", answer["Reason"]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    monkeypatch.setenv("RECEIVER_FUNCTION", "receiver")
    with delivery_cloud(monkeypatch) as cloud:
        versions = Versions()
        monkeypatch.setattr(wiring, "LambdaVersions", lambda *_: versions)
        wiring.preflight.cache_clear()
        yield Stack(cloud, versions)
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


def test_rollback_succeeds_in_any_state(stack: Stack) -> None:
    stack.versions.answer = lambda _: None

    assert stack.send("version-rollback")["Status"] == "SUCCESS"


def test_deletion_leaves_no_secret(stack: Stack) -> None:
    stack.send("secret-create")
    assert stack.send("version-delete")["Status"] == "SUCCESS"
    assert secret()

    assert stack.send("secret-delete")["Status"] == "SUCCESS"
    assert secret() is None
