"""Choose the stage of a command: the local cloud that runs, or one of an AWS account."""

import os
from collections.abc import Mapping

from inlet_bridge.cli.questions import usage_error
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.running_cloud import running_cloud
from inlet_bridge.local.stack import STAGE as LOCAL_STAGE
from inlet_bridge.operations.account.stage import DEFAULT_STAGE, Stage, stage_name
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.stack_list import STACK_PREFIX


def chosen_stage(name: str, environ: Mapping[str, str] = os.environ) -> Stage:
    """A stage by its name; without one that of BRIDGE_STACK, of a running local cloud, or `dev`.

    The local cloud is one of its own: variables such as AWS_PROFILE do not lead there.

    Raises:
        typer.BadParameter: the name is none of a stage.
    """
    if name:
        try:
            stage_name(name)
        except ValueError as exc:
            raise usage_error(str(exc), "--stage") from None
    stack = environ.get("BRIDGE_STACK", "")
    name = name or (stack.removeprefix(STACK_PREFIX) if stack.startswith(STACK_PREFIX) else "")
    if name in ("", LOCAL_STAGE):
        try:
            cloud = running_cloud(environ=environ)
        except LocalCloudError:
            pass
        else:
            return Stage(LOCAL_STAGE, cloud.client, cloud.endpoint)
    name = name or DEFAULT_STAGE
    endpoint = environ.get("AWS_ENDPOINT_URL", "") if name == LOCAL_STAGE else ""
    return Stage(name, Deployed("").client, endpoint)
