"""The stack that the path of a request names."""

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from inlet_bridge.inspector.web.rendering import inspector_of
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.stack_list import STACK_NAME

if TYPE_CHECKING:
    from inlet_bridge.inspector.web.cached import Cached

KEPT_SECONDS: Final = 60.0
"""How long the resources of a stack, and clients for them, are kept."""


def deployed_of(request: Request) -> Deployed:
    """The resources of the request's stack, which is deployed. Kept for a minute.

    Raises:
        HTTPException: 404, for a name that no stack can have, and for a stack that is not shown.
        NotDeployedError: the stack does not exist, or its first deployment has not ended.
        OperationError: AWS cannot be asked.
    """
    inspector, name = inspector_of(request), str(request.path_params["stack"])
    if not STACK_NAME.fullmatch(name):
        raise HTTPException(404, "A stack's name has letters, digits and hyphens only.")
    if inspector.stack and name != inspector.stack:
        raise HTTPException(
            404, f"This inspector shows {inspector.stack} only; start it with --stack for another."
        )

    def deployed() -> Deployed:
        found = inspector.deployed(name)
        found.require_deployed()
        return found

    stacks: Cached[Deployed] = request.app.state.stacks
    return stacks.get(name, deployed)
