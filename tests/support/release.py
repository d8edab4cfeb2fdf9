"""Releases of a deployed bridge: changed artifacts or other parameters over the same stack."""

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from inlet_bridge.local import sam
from inlet_bridge.local.delivery import Outcome
from inlet_bridge.local.deployment import overrides
from inlet_bridge.local.errors import FailedStackError
from inlet_bridge.local.packaging import packaged
from inlet_bridge.local.stack import STACK
from tests.support.built_artifacts import Built
from tests.support.deployment import Deployment


def change_file(path: Path, old: str, new: str) -> None:
    """Change one place of a module of built artifacts."""
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    # The interpreter does not compare shipped bytecode with its source.
    for stale in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        stale.unlink()


@dataclass
class Release:
    """A stack and its built artifacts.

    Attributes:
        with_sam: whether `sam deploy` deploys, as `make deploy` does. It takes several times as
            long as its calls of CloudFormation.
    """

    deployment: Deployment
    with_sam: bool = False

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

    def deploy_built(self, **parameters: str) -> tuple[bool, str]:
        """Deploy the unchanged artifacts; return whether it succeeded, and otherwise the reason."""
        return self._deploy(self.deployment.built, parameters)

    def deploy(self, file: Path, old: str, new: str, **parameters: str) -> tuple[bool, str]:
        """Deploy with one change; return whether it succeeded, and otherwise the reason."""
        changed = self.deployment.folder / "release"
        shutil.rmtree(changed, ignore_errors=True)
        built = self.deployment.built.copy_of(file.parts[0], changed / "build")
        change_file(built.folder / file, old, new)
        return self._deploy(built, parameters)

    def _deploy(self, built: Built, parameters: Mapping[str, str]) -> tuple[bool, str]:
        bridge, folder = self.deployment.bridge, self.deployment.folder
        given, cloud = {**overrides(bridge.adobe), **parameters}, bridge.stack.cloud
        if self.with_sam:
            done = sam.deploy(built.template, STACK, given, cloud, folder / "release.log")
            return done, " ".join(bridge.stack.failures())
        try:
            bridge.stack.deploy(packaged(built.template, cloud), given)
        except FailedStackError:
            return False, " ".join(bridge.stack.failures())
        return True, ""

    def deploy_under_load(
        self, file: Path, old: str, new: str, **parameters: str
    ) -> tuple[bool, str, list[Outcome]]:
        """As `deploy`, while webhooks arrive; return their outcomes as well."""
        return self._under_load(lambda: self.deploy(file, old, new, **parameters))

    def deploy_built_under_load(self) -> tuple[bool, str, list[Outcome]]:
        """Deploy the unchanged artifacts while webhooks arrive; return their outcomes as well."""
        return self._under_load(self.deploy_built)

    def _under_load(
        self, deploy: Callable[[], tuple[bool, str]]
    ) -> tuple[bool, str, list[Outcome]]:
        ended = Event()

        def send() -> list[Outcome]:
            outcomes = []
            while not ended.wait(0.1):
                outcomes.append(self.deployment.send())
            return outcomes

        with ThreadPoolExecutor(1) as threads:
            sender = threads.submit(send)
            try:
                done, reasons = deploy()
            finally:
                ended.set()
            return done, reasons, sender.result()
