"""The stack that the path of a request names."""

import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from inlet_bridge.inspector.rendering import inspector_of
from inlet_bridge.operations.deployed import Deployed

# `StackName`:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


def deployed_of(request: Request) -> Deployed:
    """The resources of the request's stack.

    Raises:
        HTTPException: 404, for a name that no stack can have, and for a stack that is not shown.
    """
    inspector, name = inspector_of(request), str(request.path_params["stack"])
    if not _NAME.fullmatch(name):
        raise HTTPException(404, "A stack's name has letters, digits and hyphens only.")
    if inspector.stack and name != inspector.stack:
        raise HTTPException(
            404, f"This inspector shows {inspector.stack} only; start it with --stack for another."
        )
    return inspector.deployed(name)
