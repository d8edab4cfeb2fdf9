"""Tests of the preflight: events of CloudFormation, and the real receiver as the version.

Only Lambda is replaced: `invoke` calls the handler of the receiver, with its table and its source
in the emulated account.
"""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import boto3
import pytest

from bridge.adapters.http.retry_budget import RetryBudget
from bridge.receiving.responses import problem
from functions.preflight import wiring
from tests.support.delivery_cloud import delivery_cloud
from tests.support.preflight_stack import EVENTS, SECRET, Invoke, Stack, Versions, real


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

    # The first is still that of SAM, to which a rollback would return.
    assert [*stack.versions.published] == ["1", "7", "8", "9", "10", "11"]


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
