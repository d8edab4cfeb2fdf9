"""Check sources.yaml before `inlet up` starts anything, and locate what its deployment rejects."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inlet_bridge.local.cloud import REGION
from inlet_bridge.local.errors import FailedStackError
from inlet_bridge.local.stack import SOURCES_STACK
from inlet_bridge.mapping.edit_check import (
    check_edit,
    connection_warnings,
    failed_deployment,
)


@dataclass(frozen=True, slots=True)
class CheckedSources:
    """A text of a template of sources that can be deployed, as far as the text says.

    Attributes:
        values: of its parameters, and pseudo parameters.
    """

    file: Path
    text: str
    values: Mapping[str, str]

    @classmethod
    def check(cls, file: Path, text: str, parameters: Mapping[str, str]) -> "CheckedSources":
        """Check a text as `inlet map` and `inlet plan` read it.

        Args:
            file: the template, for errors.
            text: of it.
            parameters: of the template.

        Raises:
            OperationError: names the line and the way out.
        """
        values = {**parameters, "AWS::Region": REGION, "AWS::StackName": SOURCES_STACK}
        check_edit(file, text, values)
        return cls(file, text, values)

    def warnings(self) -> list[str]:
        """What a deployment warns about the connections, as sentences."""
        return connection_warnings(self.file, self.text, self.values)

    @contextmanager
    def locating(self) -> Iterator[None]:
        """Raise OperationError with the lines that a failed deployment names, where it has some."""
        try:
            yield
        except FailedStackError as exc:
            located = failed_deployment(self.file, self.text, self.values, exc.reasons)
            raise located or exc from exc
