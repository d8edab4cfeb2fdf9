"""Let a command work on the local cloud that runs on this machine."""

import os
from collections.abc import Mapping
from typing import Final

from inlet_bridge.operations.errors import NoAccountError, OperationError

_DEPLOYED: Final = "inlet-bridge-dev"
_ENDPOINT: Final = "AWS_ENDPOINT_URL"
_STACK: Final = "BRIDGE_STACK"
# The developer's own profile, and a proxy, do not lead to the local cloud.
_FOREIGN: Final = ("AWS_", "BOTO_")
# Set by the shell's completion: https://click.palletsprojects.com/en/stable/shell-completion/
_COMPLETION: Final = "_INLET_COMPLETE"
_NO_PROXY: Final = "127.0.0.1,localhost"


def chosen_stack(stack: str) -> str:
    """The stack that a command works on: the named one, the local one, or that of stage dev.

    Without a name, and while a local cloud runs, the environment of this process becomes that of
    its account, as after `. aws.env`. A line on standard error says so. So it does if the name is
    that of the local stack.
    """
    return chosen_or_local_stack(stack) or _DEPLOYED


def chosen_or_local_stack(stack: str | None) -> str:
    """The same for a command that needs no stack: empty if none is named and none runs here."""
    is_local_name = stack and stack == running_variables().get(_STACK)
    if is_local_name and _ENDPOINT not in os.environ:
        return local_stack()
    return stack or local_stack()


def local_stack() -> str:
    """Enter the account of the running local cloud; return its stack, or an empty text."""
    variables = running_variables()
    if _COMPLETION not in os.environ:  # The shell would show it in the line that is typed.
        _notify(variables)
    return use(variables) if variables else ""


def _notify(variables: Mapping[str, str]) -> None:
    from inlet_bridge.cli.error_output import print_notice

    if variables:
        print_notice(f"Using the local cloud on {variables['AWS_ENDPOINT_URL']}.")
    if starts():
        print_notice("The local cloud is still starting: repeat the command when it has started.")


def use(variables: Mapping[str, str]) -> str:
    """Make the environment of this process that of the local cloud; return its stack."""
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        del os.environ[name]
    os.environ.update({**variables, **dict.fromkeys(("NO_PROXY", "no_proxy"), _NO_PROXY)})
    return variables[_STACK]


def is_local() -> bool:
    """Whether the account of this process is that of a local cloud."""
    return _ENDPOINT in os.environ


def running_variables() -> dict[str, str]:
    """The variables of the local cloud that runs on this machine; empty without one."""
    from inlet_bridge.local.running_cloud import entrance_variables

    return entrance_variables()


def starts() -> bool:
    """Whether a local cloud is starting on this machine."""
    from inlet_bridge.local.running_cloud import is_starting

    return is_starting()


def with_local_cloud(exc: OperationError, option: str = "--stack") -> OperationError:
    """An error that says, without an account of AWS, whether a local cloud could be meant.

    Args:
        exc: the error.
        option: of the command, which selects the account of AWS.
    """
    if not isinstance(exc, NoAccountError):
        return exc
    account = f"{exc.hint[:1].lower()}{exc.hint[1:]}"
    local = running_variables().get(_STACK)
    if not local and starts():
        return OperationError(
            f"the local cloud is still starting, and {exc}",
            hint=f"Repeat the command when it has started. For AWS, {account}",
        )
    if not local:
        return OperationError(
            f"no local cloud is running, and {exc}",
            hint=f"Start one with `make run` in another terminal. For AWS, {account}",
        )
    missing = f"has no stack {exc.stack}" if exc.stack else "was not asked"
    return OperationError(
        f"the local cloud {missing}; it has {local}; and {exc}",
        hint=f"Leave {option} out for the local cloud. For AWS, {account}",
    )
