"""Who may change a resource: only the owner that created it."""

from dataclasses import dataclass
from typing import Final

from bridge.errors import InvalidPropertyError
from bridge.names import resource_path
from bridge.ports.aws import Parameters
from bridge.provisioning.chain.record import OWNER

DIRECT: Final = "direct"
"""The owner of resources that a direct invocation created."""

RETAINED: Final = "retained"
"""The owner of a connection that a deleted stack retained; the next owner to apply it gets it."""

_PARTS_OF_AN_OWNER: Final = 4


def require_owner(current: str, owner: str) -> None:
    """Check that an owner may create or change a name.

    Raises:
        InvalidPropertyError: the name has another owner.
    """
    if current in ("", RETAINED, owner):
        return
    if current == DIRECT:
        raise InvalidPropertyError(
            "Name",
            "is that of a resource which `inlet apply` or `inlet send` made, outside of a stack;"
            " choose another, or delete it with `inlet destroy` first",
        )
    if (renamed := _resource_of(current)) and current.rpartition("/")[0] == owner.rpartition("/")[
        0
    ]:
        raise InvalidPropertyError(
            "Name",
            f"is that of the resource {renamed} of this stack; keep its logical ID {renamed}, or"
            " remove it and deploy, before another resource has its Name",
        )
    way = "" if owner == DIRECT else ", or choose another name"
    raise InvalidPropertyError(
        "Name", f"belongs to {owner_text(current)}; change it by deploying that stack{way}"
    )


def owner_text(owner: str) -> str:
    """An owner for a sentence."""
    match owner:
        case "":
            return "nobody"
        case "direct":
            return "inlet apply, outside of a stack"
        case "retained":
            return "nobody: the stack that retained it is deleted"
    resource = _resource_of(owner)
    return f"the resource {resource} of the stack {owner.split('/')[1]}" if resource else owner


def _resource_of(owner: str) -> str:
    """The logical ID of a stack's resource; empty for another owner."""
    # arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/NAME/ID/RESOURCE
    parts = owner.split("/")
    return parts[3] if len(parts) == _PARTS_OF_AN_OWNER else ""


@dataclass(frozen=True, slots=True)
class SourceOwners:
    """The parameters with the owners. Methods raise UnavailableError."""

    parameters: Parameters
    stage: str

    def of(self, name: str) -> str:
        """The owner of a source; empty without one."""
        parameter = self.parameter(name)
        return self.parameters.get([parameter]).get(parameter, "")

    def put(self, name: str, owner: str) -> None:
        """Store the owner of a source."""
        self.parameters.put(self.parameter(name), owner)

    def parameter(self, name: str) -> str:
        """The name of the parameter."""
        return f"{resource_path(self.stage, 'sources', name)}/{OWNER}"
