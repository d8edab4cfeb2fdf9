"""Tests of the decision to release a version of the receiver."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.errors import ThrottledError, UnavailableError
from bridge.preflight.release_check import Preflight
from tests.support.fakes import FakeParameters

NAME = "/inlet-bridge/dev/secrets/preflight"


@dataclass
class FakeVersions:
    """A function whose versions answer signed webhooks rightly, unless a test changes that."""

    published: int = 1
    right: bool = True
    error: str = ""
    removable: bool = True
    removed: list[str] = field(default_factory=list)
    pruned: list[tuple[int, Collection[str]]] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    asked: int = 0
    throttled: int = 0

    def publish(self) -> str:
        self.published += 1
        return str(self.published)

    def invoke(self, version: str, event: Mapping[str, Any]) -> tuple[object, str]:
        assert version == str(self.published)
        if self.throttled:
            self.throttled -= 1
            raise ThrottledError("the new version cannot be invoked: TooManyRequestsException")
        if self.first:
            return {"statusCode": self.first.pop(0), "body": "{}"}, ""
        self.asked += 1
        if self.error:
            return None, self.error
        # The first two of the probes are good ones.
        status = 200 if self.asked <= 2 or not self.right else 401
        content = {"status": "filtered", "delivery_id": "one"}
        return {"statusCode": status, "body": json.dumps(content)}, ""

    def remove(self, version: str) -> None:
        if not self.removable:
            raise UnavailableError("version 2 cannot be deleted: AccessDeniedException")
        self.removed.append(version)

    def prune(self, newest: int, named: Collection[str]) -> None:
        if not self.removable:
            raise UnavailableError("old versions cannot be listed: AccessDeniedException")
        self.pruned.append((newest, named))


@dataclass
class FakeStacks:
    """A stack that is or is not being rolled back, or that cannot be read."""

    rolling_back: bool = False
    down: bool = False

    def is_rolling_back(self, stack_id: str) -> bool:
        assert stack_id == "stack"
        if self.down:
            raise UnavailableError("the status of the stack cannot be read: Throttling")
        return self.rolling_back


class Secrets(FakeParameters):
    """The port `OwnSecrets`; a secret is never deleted in order to be replaced."""

    def replace(self, name: str, value: str) -> None:
        self.put(name, value)


def preflight(
    versions: FakeVersions,
    secrets: Secrets | None = None,
    stacks: FakeStacks | None = None,
    slept: list[float] | None = None,
) -> Preflight:
    return Preflight(
        stage="dev",
        versions=versions,
        stacks=stacks or FakeStacks(),
        secrets=secrets or Secrets({}),
        clock=lambda: datetime(2026, 11, 26, tzinfo=UTC),
        sleep=(slept if slept is not None else []).append,
        random=bytes,
        new_id=lambda: "one",
    )


def update(before: Sequence[str], after: Sequence[str]) -> dict[str, Any]:
    return {
        "RequestType": "Update",
        "StackId": "stack",
        "ResourceProperties": {"Versions": after},
        "OldResourceProperties": {"Versions": before},
    }


CREATE = {"RequestType": "Create", "ResourceProperties": {"Versions": ["f:1", "l:1"]}}


def test_version_that_judges_rightly_may_serve() -> None:
    versions, parameters = FakeVersions(), Secrets({NAME: "the former one"})

    assert preflight(versions, parameters).release(CREATE) == "2"
    assert versions.asked == 5
    assert versions.removed == []
    assert versions.pruned == [(5, {"1"})]
    assert parameters.values[NAME].startswith("whsec_")


def test_version_that_takes_forged_webhooks_is_rejected_and_deleted() -> None:
    versions = FakeVersions(right=False)

    with pytest.raises(UnavailableError, match=r"version 2 .* refused: a forged webhook was answ"):
        preflight(versions).release(CREATE)
    assert versions.removed == ["2"]


def test_version_that_ends_with_an_error_is_rejected_in_its_words() -> None:
    versions = FakeVersions(error="Runtime.ImportModuleError")

    with pytest.raises(UnavailableError, match=r"a signed webhook ended with Runtime\.ImportM"):
        preflight(versions).release(update(["f:1", "l:1"], ["f:1", "l:2"]))


def test_rejected_version_that_cannot_be_deleted_is_rejected_all_the_same() -> None:
    with pytest.raises(UnavailableError, match="was refused"):
        preflight(FakeVersions(right=False, removable=False)).release(CREATE)


@pytest.mark.parametrize("after", [["f:1", "l:2"], ["f:2", "l:1"]])
def test_rollback_tries_nothing_since_it_must_not_fail(after: list[str]) -> None:
    versions = FakeVersions(error="Runtime.ImportModuleError")

    assert preflight(versions).release(update(["f:2", "l:2"], after)) == "2"
    assert versions.asked == 0


UNCHANGED = ["f:2", "l:2"]


def test_rollback_of_a_changed_parameter_tries_nothing_either() -> None:
    versions = FakeVersions(error="Runtime.ImportModuleError")
    released = preflight(versions, stacks=FakeStacks(rolling_back=True))

    assert released.release(update(UNCHANGED, UNCHANGED)) == "2"
    assert versions.asked == 0
    assert versions.pruned == []


@pytest.mark.parametrize("stacks", [FakeStacks(), FakeStacks(down=True)])
def test_changed_parameter_is_tested_as_a_release(stacks: FakeStacks) -> None:
    versions = FakeVersions(error="Runtime.ImportModuleError")

    with pytest.raises(UnavailableError, match="was refused"):
        preflight(versions, stacks=stacks).release(update(UNCHANGED, UNCHANGED))
    assert versions.removed == ["2"]


def test_version_that_the_alias_of_sam_had_before_is_kept_for_a_rollback() -> None:
    """Releases that changed only a layer or a parameter have left it far behind."""
    versions = FakeVersions(published=11)

    assert preflight(versions).release(update(["f:1", "l:9"], ["f:12", "l:9"])) == "12"
    assert versions.pruned == [(5, {"1", "12"})]


def test_no_old_version_is_kept_whose_snapshot_would_be_charged() -> None:
    versions, event = FakeVersions(), update(["f:1", "l:1"], ["f:1", "l:2"])
    event["ResourceProperties"]["Configuration"] = {"SnapStart": {"ApplyOn": "PublishedVersions"}}

    assert preflight(versions).release(event) == "2"
    assert versions.pruned == [(1, {"1"})]


def test_old_versions_that_cannot_be_deleted_fail_no_release() -> None:
    assert preflight(FakeVersions(removable=False)).release(CREATE) == "2"


@pytest.mark.parametrize("status", [401, 404, 503])
def test_stale_read_of_the_secret_or_the_source_rejects_no_version(status: int) -> None:
    versions, slept = FakeVersions(first=[status] * 12), list[float]()

    assert preflight(versions, slept=slept).release(CREATE) == "2"
    assert sum(slept) == 60


def test_wrong_response_is_repeated_for_about_a_minute() -> None:
    versions, slept = FakeVersions(first=[401] * 100), list[float]()

    with pytest.raises(UnavailableError, match="a signed webhook was answered with 401"):
        preflight(versions, slept=slept).release(CREATE)
    assert sum(slept) == 65


def test_webhooks_that_use_up_the_concurrency_reject_no_version() -> None:
    versions, slept = FakeVersions(throttled=12), list[float]()

    assert preflight(versions, slept=slept).release(CREATE) == "2"
    assert sum(slept) == 60


def test_version_that_cannot_be_invoked_for_a_minute_is_rejected_and_deleted() -> None:
    versions = FakeVersions(throttled=100)

    with pytest.raises(UnavailableError, match=r"version 2 .* refused: the new version cannot be"):
        preflight(versions).release(CREATE)
    assert versions.removed == ["2"]


def test_response_that_no_stale_read_explains_rejects_at_once() -> None:
    slept = list[float]()

    with pytest.raises(UnavailableError, match="was answered with 500"):
        preflight(FakeVersions(first=[500]), slept=slept).release(CREATE)
    assert slept == []


def test_numbers_are_compared_as_numbers() -> None:
    versions = FakeVersions()
    preflight(versions).release(update(["f:9", "l:9"], ["f:10", "l:9"]))

    assert versions.asked == 5


def test_secret_is_deleted_with_the_stack() -> None:
    parameters = Secrets({NAME: "x"})
    preflight(FakeVersions(), parameters).forget_secret()

    assert parameters.values == {}
