"""The result of a change to a connection."""

from dataclasses import dataclass

from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.destination import Problem
from bridge.provisioning.chain.plan import Kept, Step
from bridge.provisioning.chain.record import ChainRecord
from bridge.provisioning.connections.drift import sentences
from bridge.provisioning.connections.properties import field_warnings
from bridge.provisioning.connections.remains import kept_sentence


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of `Connections.apply`: the new record, and what was done.

    Attributes:
        kept: replaced objects that are not deleted.
        replaced_generation: the generation that a later request deletes.
        problems: of what the flows point to, as far as it was looked at.
    """

    desired: DesiredChain
    record: ChainRecord
    steps: tuple[Step, ...]
    replaced_generation: str = ""
    problems: tuple[Problem, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """What the owner should know.

        Objects that are not deleted, what is wrong with others, and fields that may be meant as
        types. The bridge changes nothing that it did not create.
        """
        found = self.deletion_warnings + sentences(self.problems)
        return found + field_warnings(self.desired)

    @property
    def deletion_warnings(self) -> list[str]:
        """Replaced objects that are kept, or that Adobe did not delete."""
        return list(filter(None, (self.deletion_warning, kept_sentence(self.kept))))

    @property
    def deletion_warning(self) -> str:
        """Names replaced objects that Adobe did not delete; empty if there are none."""
        ids = ", ".join(
            f"{each.kind}/{each.object_id}"
            for each in self.record.retired()
            if each.generation != self.replaced_generation
        )
        name = self.desired.name
        return f"Adobe did not delete {ids}; `inlet repair {name}` tries again" if ids else ""
