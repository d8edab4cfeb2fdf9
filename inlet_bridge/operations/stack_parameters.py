"""The parameters of a deployed stack."""

from collections.abc import Iterable

from inlet_bridge.operations.errors import OperationError


class StackParameters(dict[str, str]):
    """The parameters of a stack. Raises OperationError for one that it does not have."""

    def __init__(self, stack: str, given: Iterable[tuple[str, str]]) -> None:
        super().__init__(given)
        self._stack = stack

    def __missing__(self, name: str) -> str:
        raise OperationError(
            f"the stack {self._stack} has no parameter {name}",
            hint="Name the stack of the bridge, which is not that of the sources, with --stack.",
        )
