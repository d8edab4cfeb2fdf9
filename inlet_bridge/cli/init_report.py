"""Print what `inlet init` wrote, the checks of the account, and what is next."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bridge.errors import BridgeError
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.doctor import doctor_lines
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.initialization.experience_platform import Dataset, ExperiencePlatform
from inlet_bridge.initialization.pending_checks import pending_checks
from inlet_bridge.initialization.source_secrets import MissingSecret
from inlet_bridge.operations.account.checks import AccountFinding, Status
from inlet_bridge.operations.account.stage import Stage


@dataclass(frozen=True, slots=True)
class InitReport:
    """The output."""

    screen: Screen
    stage: Stage

    def written(self, parameter: str, file: Path, *, is_new: bool) -> None:
        """Print where the answers are."""
        self._done(parameter if is_new else f"{parameter} is as it was")
        self._done(f"{file}: sections {self.stage.name} and {self.stage.name}-sources")

    def checks(
        self, adobe: ExperiencePlatform, dataset: Dataset | None, *, is_deployed: bool
    ) -> bool:
        """Print what the account may do; return whether no check failed."""
        passed = True
        for found in pending_checks(adobe, self.stage.name):
            status = Status.FAILED if found.advice else Status.OK
            self.screen.print(*doctor_lines(AccountFinding(found.check, status, found.advice)))
            passed = passed and not found.advice
        if dataset:
            self._check_schema(adobe, dataset)
        remains = (
            "the deployment and its AWS account" if is_deployed else "the rest once it is deployed"
        )
        self.screen.print(
            Text(f"- `inlet doctor --stack {self.stage.stack}` checks {remains}", "dim")
        )
        return passed

    def _check_schema(self, adobe: ExperiencePlatform, dataset: Dataset) -> None:
        check = f"dataset {dataset.name} has a schema of events"
        try:
            advice = {
                "time-series": "",
                "record": "it has one of profiles; recipes map most events to ExperienceEvents",
            }.get(
                adobe.behavior(dataset.schema_id), f"the sandbox has no schema {dataset.schema_id}"
            )
        except BridgeError as exc:
            advice = str(exc)
        status = Status.ADVICE if advice else Status.OK
        self.screen.print(*doctor_lines(AccountFinding(check, status, advice)))

    def next_steps(self, missing: Mapping[str, MissingSecret], *, has_dataset: bool) -> None:
        """Print the commands to run next.

        Args:
            missing: the first missing secret of each source of the file, by the source.
            has_dataset: whether a dataset was chosen.
        """
        name = self.stage.name
        for source, (parameter, is_newest) in missing.items():
            way = (
                f"aws ssm put-parameter --type SecureString --name {parameter} --value file://FILE"
            )
            if is_newest and parameter.startswith(self.stage.parameter("secrets/")):
                way = f"inlet secret {source} --stage {name}"
            needed = f"! Source {source} needs its secret {parameter} before it can be deployed:"
            self.screen.print(Text(needed, "yellow"), Text(f"  {way}"))
        self.screen.print(
            Text("Next:", "bold"),
            *([] if has_dataset else [Text("  inlet schema from SAMPLE...  # creates a dataset")]),
            Text(f"  make deploy STAGE={name}"),
            Text(f"  inlet add PROVIDER --stage {name}"),
        )

    def _done(self, text: str) -> None:
        self.screen.print(Text.assemble(("✓ ", "green"), text))
