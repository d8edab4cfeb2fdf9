"""Serve the inspector until Ctrl-C."""

import os
import webbrowser
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.local_stack import local_stack
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.inspector.security.action_log import ActionLog
from inlet_bridge.inspector.server import InspectorServer
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.resources.default_file import default_file

_ACTIONS: Final = "actions.jsonl"


def serve(
    stack: str, file: Path | None, port: int, *, allow_actions: bool, open_browser: bool
) -> None:
    """Print the URL, open it and serve."""
    with report_operation_errors() as screen:
        chosen = stack or local_stack()
        inspector = Inspector(
            stack=chosen,
            is_local=_is_local(),
            actions_allowed=allow_actions,
            sources_file=file or default_file(),
            deployed=Deployed,
            actions=_action_log(screen) if allow_actions else ActionLog(_state_folder(), ""),
        )
        server = InspectorServer(inspector, port)
        screen.print(Text(server.url))
        if open_browser and screen.interactive:
            webbrowser.open(server.url)
        server.serve()


def _is_local() -> bool:
    endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    return endpoint.hostname in {"127.0.0.1", "localhost"}


def _action_log(screen: Screen) -> ActionLog:
    return ActionLog(_state_folder() / _ACTIONS, _caller(), lambda line: screen.write(f"{line}\n"))


def _caller() -> str:
    """The ARN of the credentials, for which AWS asks no permission."""
    try:
        sts: Any = Deployed("").client("sts")
        return str(sts.get_caller_identity()["Arn"])
    except (ClientError, BotoCoreError) as exc:
        raise OperationError(
            f"AWS does not tell whose credentials these are: {exc}",
            hint="Start it without --allow-actions, or mend AWS_PROFILE and AWS_REGION.",
        ) from exc


def _state_folder() -> Path:
    """https://specifications.freedesktop.org/basedir-spec/latest/, `XDG_STATE_HOME`."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "inlet-bridge"
