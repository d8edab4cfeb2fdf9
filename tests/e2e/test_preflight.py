"""A new version of the receiver serves if it passes the preflight, and only then.

The built artifacts are copied, changed and deployed over the existing stack, while webhooks arrive.
Or they are deployed unchanged, with another parameter.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.deployment import deployed
from tests.support.release import Release

GATE = Path("BridgeLayer/python/bridge/receiving/gate.py")
# 202 if the inlet did not respond in time.
ACCEPTED = {200, 202}
HANDLER = Path("ReceiverFunction/functions/receiver/handler.py")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    with deployed(tmp_path_factory.mktemp("release")) as deployment:
        yield Release(deployment)


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (
            GATE,
            "        return verify(source.scheme, webhook, secrets, now)\n",
            '        return b""\n',
            "a forged webhook was answered with",
        ),
        (
            HANDLER,
            "from http import HTTPStatus",
            "from http import Status",
            "a signed webhook ended with",
        ),
    ],
    ids=["one that takes forged webhooks", "one that cannot be loaded"],
)
def test_broken_version_is_rejected_and_the_previous_version_keeps_serving(
    release: Release, file: Path, old: str, new: str, reason: str
) -> None:
    before = release.serving()

    done, reasons, outcomes = release.deploy_under_load(file, old, new)

    assert not done
    assert reason in reasons
    assert release.serving() == before
    assert {outcome.status for outcome in outcomes} <= ACCEPTED
    assert release.deployment.send().status in ACCEPTED


def test_new_version_is_released_without_losing_a_webhook(release: Release) -> None:
    before = release.serving()

    done, reasons, outcomes = replace(release, with_sam=True).deploy_under_load(
        GATE, '"""Verify requests:', '"""Verify all requests:'
    )

    assert done, reasons
    assert int(release.serving()) > int(before)
    assert {outcome.status for outcome in outcomes} <= ACCEPTED


def test_changed_parameter_reaches_the_version_that_serves(release: Release) -> None:
    before = release.serving()

    done, reasons = release.deploy_built(RecordDays="20")

    assert done, reasons
    assert release.serving() != before
    assert release.environment()["RECORD_DAYS"] == "20"
    assert release.deployment.send().status in ACCEPTED


def test_rejected_parameter_is_rolled_back_and_can_be_deployed_again(release: Release) -> None:
    """Restores the configuration; afterwards the same change succeeds."""
    done, reasons = release.deploy_built(RecordDays="20")
    assert done, reasons

    done, reasons = release.deploy(
        HANDLER, "from http import HTTPStatus", "from http import Status", RecordDays="30"
    )

    assert not done
    assert "a signed webhook ended with" in reasons
    assert release.environment()["RECORD_DAYS"] == "20"
    done, reasons = release.deploy_built(RecordDays="30")
    assert done, reasons
    assert release.environment()["RECORD_DAYS"] == "30"


def test_changed_reservation_needs_no_new_version(release: Release) -> None:
    done, reasons = release.deploy_built()
    assert done, reasons
    before = release.serving()

    done, reasons = release.deploy_built(ReceiverConcurrency="7")

    assert done, reasons
    assert release.serving() == before
    assert release.deployment.send().status in ACCEPTED
