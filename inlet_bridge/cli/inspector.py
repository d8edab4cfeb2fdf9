"""Serve the inspector until Ctrl-C."""

import os
import webbrowser
from pathlib import Path
from threading import Thread
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.error_output import print_notice
from inlet_bridge.cli.local_stack import chosen_or_local_stack
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.inspector.security.action_log import ActionLog
from inlet_bridge.inspector.server import InspectorServer
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import NotDeployedError, OperationError
from inlet_bridge.operations.stack_list import STACK_NAME, bridge_stacks
from inlet_bridge.operations.unreachable import explained, rejection, unreachable
from inlet_bridge.template_reading.default_file import default_file

_ACTIONS: Final = "actions.jsonl"
_WAY_OUT: Final = "AWS_PROFILE and AWS_REGION select the account."
ACCESS_CHECK: Final = "check of the access to AWS"
"""The name of the thread that looks whether anything can be shown."""


def serve(
    stack: str, file: Path | None, port: int, *, allow_actions: bool, open_browser: bool
) -> None:
    """Print the URL, open it and serve."""
    with report_operation_errors() as screen:
        chosen = chosen_or_local_stack(stack)
        inspector = Inspector(
            stack=chosen,
            is_local=_is_local(),
            actions_allowed=allow_actions,
            sources_file=file or default_file(),
            deployed=Deployed,
            actions=_action_log(screen) if allow_actions else ActionLog(state_folder(), ""),
        )
        server = InspectorServer(inspector, port)
        screen.print(Text(server.url), Text(_explained(allow_actions=allow_actions), "dim"))
        if not inspector.is_local:
            # Requests to AWS may take long, and a browser is served meanwhile.
            Thread(target=_report_access, args=(chosen,), name=ACCESS_CHECK, daemon=True).start()
        if open_browser and screen.interactive:
            webbrowser.open(server.url)
        server.serve()


def _explained(*, allow_actions: bool) -> str:
    permitted = (
        "Actions are permitted."
        if allow_actions
        else "It is read-only; --allow-actions permits to replay, redrive, drop, pause and save."
    )
    return f"The URL works once. {permitted} Ctrl-C ends it."


def _report_access(stack: str) -> None:
    """Say on standard error that nothing can be shown now, and the way out.

    The inspector is served all the same: credentials can be renewed while it runs, and a stack can
    be deployed.
    """
    if stack and not STACK_NAME.fullmatch(stack):
        print_notice("Nothing can be shown: a stack's name has letters, digits and hyphens only.")
        return
    try:
        if stack:
            Deployed(stack).require_deployed()
        else:
            bridge_stacks(Deployed("").client("cloudformation"))
    except NotDeployedError as exc:
        print_notice(f"Nothing can be shown yet: {exc}. {_existing()}")
    except OperationError as exc:
        print_notice(f"Nothing can be shown: {exc}. {exc.hint}")
    except BotoCoreError as exc:
        found = unreachable(exc)
        print_notice(f"Nothing can be shown: {found}. {found.hint}")
    except ClientError as exc:
        print_notice(f"Nothing can be shown: {rejection(exc)}. {_WAY_OUT}")


def _existing() -> str:
    try:
        found = bridge_stacks(Deployed("").client("cloudformation"))
    except (OperationError, ClientError, BotoCoreError):
        return _WAY_OUT
    names = ", ".join(each.name for each in found)
    return f"The stacks here are: {names}." if names else f"There is none here. {_WAY_OUT}"


def _is_local() -> bool:
    endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    return endpoint.hostname in {"127.0.0.1", "localhost"}


def _action_log(screen: Screen) -> ActionLog:
    return ActionLog(state_folder() / _ACTIONS, _caller(), lambda line: screen.write(f"{line}\n"))


def _caller() -> str:
    """The ARN of the credentials, for which AWS asks no permission."""
    try:
        sts: Any = Deployed("").client("sts")
        return str(sts.get_caller_identity()["Arn"])
    except (ClientError, BotoCoreError) as exc:
        raise OperationError(
            f"AWS does not tell whose credentials these are: {explained(exc)}",
            hint="Start it without --allow-actions, or mend AWS_PROFILE and AWS_REGION.",
        ) from exc


def state_folder() -> Path:
    """The folder for the log of actions.

    By https://specifications.freedesktop.org/basedir-spec/latest/, a relative `XDG_STATE_HOME` is
    ignored: the log would be wherever the command is started.
    """
    base = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".local" / "state") / "inlet-bridge"
