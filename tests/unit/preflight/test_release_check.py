"""Tests of the decision to release a version of the receiver."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.errors import UnavailableError
from bridge.preflight.release_check import Preflight
from tests.support.fakes import FakeParameters

NAME = "/inlet-bridge/dev/secrets/preflight"


@dataclass
class FakeVersions:
    """A function whose versions answer signed webhooks rightly, unless told otherwise."""

    published: int = 1
    right: bool = True
    error: str = ""
    removable: bool = True
    removed: list[str] = field(default_factory=list)
    asked: int = 0

    def publish(self) -> str:
        self.published += 1
        return str(self.published)

    def invoke(self, version: str, event: Mapping[str, Any]) -> tuple[object, str]:
        assert version == str(self.published)
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


class Secrets:
    """The port `NewSecrets`."""

    def __init__(self, parameters: FakeParameters) -> None:
        self._parameters = parameters

    def keep(self, name: str, value: str) -> bool:
        return self._parameters.values.setdefault(name, value) == value


def preflight(versions: FakeVersions, parameters: FakeParameters | None = None) -> Preflight:
    kept = parameters or FakeParameters({})
    return Preflight(
        stage="dev",
        versions=versions,
        parameters=kept,
        secrets=Secrets(kept),
        clock=lambda: datetime(2026, 11, 26, tzinfo=UTC),
        random=bytes,
        new_id=lambda: "one",
    )


def update(before: Sequence[str], after: Sequence[str]) -> dict[str, Any]:
    return {
        "RequestType": "Update",
        "ResourceProperties": {"Versions": after},
        "OldResourceProperties": {"Versions": before},
    }


CREATE = {"RequestType": "Create", "ResourceProperties": {"Versions": ["f:1", "l:1"]}}


def test_version_that_judges_rightly_may_serve() -> None:
    versions, parameters = FakeVersions(), FakeParameters({NAME: "the former one"})

    assert preflight(versions, parameters).release(CREATE) == "2"
    assert versions.asked == 5
    assert versions.removed == []
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


def test_numbers_are_compared_as_numbers() -> None:
    versions = FakeVersions()
    preflight(versions).release(update(["f:9", "l:9"], ["f:10", "l:9"]))

    assert versions.asked == 5


def test_secret_is_deleted_with_the_stack() -> None:
    parameters = FakeParameters({NAME: "x"})
    preflight(FakeVersions(), parameters).forget_secret()

    assert parameters.values == {}
