"""A new version of the receiver serves if it passes the preflight, and only then.

The built artifacts are copied, changed and deployed over the existing stack, while webhooks arrive.
Or they are deployed unchanged, with another parameter.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from inlet_bridge.local import sam
from inlet_bridge.local.deployment import overrides
from inlet_bridge.local.stack import STACK
from tests.support.built_artifacts import shipped
from tests.support.deployment import Deployment, deployed

GATE = Path("BridgeLayer/python/bridge/receiving/gate.py")
# 202 if the inlet did not respond in time.
ACCEPTED = {200, 202}
HANDLER = Path("ReceiverFunction/functions/receiver/handler.py")


@dataclass
class Release:
    """A stack and its built artifacts."""

    deployment: Deployment

    @property
    def function(self) -> str:
        return self.deployment.bridge.stack.resources["ReceiverFunction"]

    def serving(self) -> str:
        """Return the version that receives webhooks."""
        lambdas = self.deployment.client("lambda")
        alias = lambdas.get_alias(FunctionName=self.function, Name="live")
        return str(alias["FunctionVersion"])

    def environment(self) -> dict[str, str]:
        """Return the variables of the version that receives webhooks."""
        lambdas = self.deployment.client("lambda")
        function = f"{self.function}:live"
        found = lambdas.get_function_configuration(FunctionName=function)
        return dict(found["Environment"]["Variables"])

    def deploy_parameters(self, built: Path, **parameters: str) -> tuple[bool, str]:
        """Deploy with these parameters; return whether it succeeded, and otherwise the reason."""
        bridge = self.deployment.bridge
        done = sam.deploy(
            built / "template.yaml",
            STACK,
            {**overrides(bridge.adobe, 0), **parameters},
            bridge.stack.cloud,
            self.deployment.folder / "release.log",
        )
        return done, " ".join(bridge.stack.failures())

    def deploy(self, file: Path, old: str, new: str, **parameters: str) -> tuple[bool, str]:
        """Deploy with one change; return whether it succeeded, and otherwise the reason."""
        changed = self.deployment.folder / "release"
        shutil.rmtree(changed, ignore_errors=True)
        built = self.deployment.built.copy(changed / "build").folder
        text = (built / file).read_text()
        assert text.count(old) == 1
        (built / file).write_text(text.replace(old, new))
        # The interpreter does not compare shipped bytecode with its source.
        for stale in (built / file).parent.glob(f"__pycache__/{file.stem}.*.pyc"):
            stale.unlink()
        return self.deploy_parameters(built, **parameters)

    def deploy_under_load(self, file: Path, old: str, new: str) -> tuple[bool, str, Counter[int]]:
        """Deploy while webhooks arrive, and return the statuses of their responses as well."""
        ended = Event()

        def send() -> Counter[int]:
            statuses: Counter[int] = Counter()
            while not ended.wait(0.1):
                statuses[self.deployment.send().status] += 1
            return statuses

        with ThreadPoolExecutor(1) as threads:
            senders = threads.submit(send)
            try:
                done, reasons = self.deploy(file, old, new)
            finally:
                ended.set()
            return done, reasons, senders.result()


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    with deployed(tmp_path_factory.mktemp("release"), shipped(tmp_path_factory)) as deployment:
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

    done, reasons, statuses = release.deploy_under_load(file, old, new)

    assert not done
    assert reason in reasons
    assert release.serving() == before
    assert set(statuses) <= ACCEPTED
    assert release.deployment.send().status in ACCEPTED


def test_new_version_is_released_without_losing_a_webhook(release: Release) -> None:
    before = release.serving()

    done, reasons, statuses = release.deploy_under_load(
        GATE, '"""Verify requests:', '"""Verify all requests:'
    )

    assert done, reasons
    assert int(release.serving()) > int(before)
    assert set(statuses) <= ACCEPTED


def test_changed_parameter_reaches_the_version_that_serves(release: Release) -> None:
    built, before = release.deployment.built.folder, release.serving()

    done, reasons = release.deploy_parameters(built, RecordDays="20")

    assert done, reasons
    assert release.serving() != before
    assert release.environment()["RECORD_DAYS"] == "20"
    assert release.deployment.send().status in ACCEPTED


def test_rejected_parameter_is_rolled_back_and_can_be_deployed_again(release: Release) -> None:
    """Restores the configuration; afterwards the same change succeeds."""
    built = release.deployment.built.folder
    done, reasons = release.deploy_parameters(built, RecordDays="20")
    assert done, reasons

    done, reasons = release.deploy(
        HANDLER, "from http import HTTPStatus", "from http import Status", RecordDays="30"
    )

    assert not done
    assert "a signed webhook ended with" in reasons
    assert release.environment()["RECORD_DAYS"] == "20"
    done, reasons = release.deploy_parameters(built, RecordDays="30")
    assert done, reasons
    assert release.environment()["RECORD_DAYS"] == "30"


def test_changed_reservation_needs_no_new_version(release: Release) -> None:
    built = release.deployment.built.folder
    done, reasons = release.deploy_parameters(built)
    assert done, reasons
    before = release.serving()

    done, reasons = release.deploy_parameters(built, ReceiverConcurrency="7")

    assert done, reasons
    assert release.serving() == before
    assert release.deployment.send().status in ACCEPTED
